// The answers to the documents beside this file.
import type { ca } from '../i18n/ca';
import type { PartialDate } from '../format/when';

export interface SeatPool {
  id: string;
  name: string;
  availability: keyof typeof ca.availability;
  // Null where the event does not show its numbers.
  capacity: number | null;
  confirmed: number | null;
  waiting: number | null;
}

export interface EventRow {
  id: string;
  title: string;
  kind: keyof typeof ca.eventKind;
  startsAt: string | null;
  date: PartialDate | null;
  venueName: string | null;
  venues: { id: string; title: string }[];
  onlineUrl: string | null;
  organisers: { organization: { id: string; invented?: boolean } }[]; // invented: of associations
  seatPools: SeatPool[];
}

export interface Start {
  municipalities: { totalCount: number | null };
  events: { nodes: EventRow[] };
}

export interface Change {
  number: number;
  cursor: string;
  kind: keyof typeof ca.eventChange | null; // null: the message is the state
  at: string | null;
  event: { id: string; seatPools: SeatPool[] } | null; // null: no longer visible
}
