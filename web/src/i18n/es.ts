import type { Texts } from './ca';
import { access } from './es/access';
import { administration } from './es/administration';
import { events } from './es/events';
import { places } from './es/places';
import { network } from './es/network';
import { work } from './es/work';
import { workshops } from './es/workshops';
import { day } from './es/day';
import { guests } from './es/guests';
import { inbox } from './es/inbox';
import { frame } from './es/frame';
import { organisations } from './es/organisations';
import { privacy } from './es/privacy';
import { start } from './es/start';
import { tables } from './es/tables';

export const es: Texts = { ...frame, ...start, ...access, ...organisations, ...privacy, ...administration, ...tables, ...events, ...guests, ...places, ...network, ...work, ...workshops, ...day, ...inbox };
