// What a line of a trail tells, in words.
import type { ca } from '../i18n/ca';

type Change = keyof typeof ca.eventChange;
type Other = keyof typeof ca.audit.change;
type Read = keyof typeof ca.read;

// Names are stable, and newer ones than this client's are shown as they are.
export function textOf(what: string, texts: { has: (path: string) => boolean }): `eventChange.${Change}` | `audit.change.${Other}` | `read.${Read}` | null {
  const name = what.toUpperCase().replaceAll('.', '_');
  const path = [`eventChange.${name}`, `audit.change.${name}`, `read.${name}`].find(texts.has);
  return (path as `read.${Read}` | undefined) ?? null;
}
