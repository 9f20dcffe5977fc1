// Catalan, the first language: its keys are the ones that exist.
import { access } from './ca/access';
import { administration } from './ca/administration';
import { events } from './ca/events';
import { places } from './ca/places';
import { network } from './ca/network';
import { work } from './ca/work';
import { workshops } from './ca/workshops';
import { day } from './ca/day';
import { guests } from './ca/guests';
import { inbox } from './ca/inbox';
import { frame } from './ca/frame';
import { organisations } from './ca/organisations';
import { privacy } from './ca/privacy';
import { start } from './ca/start';
import { tables } from './ca/tables';
import type { Shape } from './shape';

export const ca = { ...frame, ...start, ...access, ...organisations, ...privacy, ...administration, ...tables, ...events, ...guests, ...places, ...network, ...work, ...workshops, ...day, ...inbox };

export type Texts = Shape<typeof ca>;
