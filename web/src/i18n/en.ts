import type { Texts } from './ca';
import { access } from './en/access';
import { administration } from './en/administration';
import { events } from './en/events';
import { places } from './en/places';
import { network } from './en/network';
import { work } from './en/work';
import { workshops } from './en/workshops';
import { day } from './en/day';
import { guests } from './en/guests';
import { inbox } from './en/inbox';
import { frame } from './en/frame';
import { organisations } from './en/organisations';
import { privacy } from './en/privacy';
import { start } from './en/start';
import { tables } from './en/tables';

export const en: Texts = { ...frame, ...start, ...access, ...organisations, ...privacy, ...administration, ...tables, ...events, ...guests, ...places, ...network, ...work, ...workshops, ...day, ...inbox };
