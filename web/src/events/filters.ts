// What of the events is asked for, as it stands in the address.
import type { ca } from '../i18n/ca';

export type Kind = keyof typeof ca.eventKind;

export const kinds: readonly Kind[] = [
  'CONFERENCE_DAY',
  'TRAINING',
  'SEMINAR',
  'CONGRESS',
  'GROUP_SESSION',
  'AWARENESS_ACTIVITY',
  'CAMPAIGN_ACT',
  'CIRCLE_CLOSING_DAY',
  'PRESENTATION',
];

export interface Filters {
  text: string;
  kind: string;
  about: string;
}

// An address may have been written by hand: what is no kind is left out.
export function filterOf({ text, kind, about }: Filters) {
  const chosen = kinds.filter((one) => one === kind);
  return { text: text || null, kinds: chosen.length === 0 ? null : chosen, about: about || null };
}
