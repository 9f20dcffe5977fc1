// Dates and numbers as people here read them. Everything happens in the time
// zone of Europe/Madrid, wherever the reader's computer believes to be.
import { localeOf, type Language } from '../i18n/languages';

const zone = 'Europe/Madrid';

export interface PartialDate {
  year: number | null;
  month: number | null;
  day: number | null;
}

// A moment to the minute: "divendres, 28 de novembre del 2026, 9:30".
export function formatMoment(moment: string, language: Language): string {
  return new Intl.DateTimeFormat(localeOf(language), {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  }).format(new Date(moment));
}

// A moment in a table: "28 nov. 2026, 9:30".
export function formatShort(moment: string, language: Language): string {
  return new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(
    new Date(moment),
  );
}

// The day of a moment: "28 de novembre del 2026".
export function formatDate(moment: string, language: Language): string {
  return new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'long', timeZone: zone }).format(new Date(moment));
}

// A day of the calendar, given as YYYY-MM-DD.
export function formatDay(day: string, language: Language): string {
  return new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
}

// The day so many days from now, as YYYY-MM-DD.
export function inDays(days: number, now: Date = new Date()): string {
  const then = new Date(now.getTime() + days * 24 * 3600 * 1000);
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(then); // Swedish writes days that way
}

// The time of day to the second, for the log of changes.
export function formatTime(moment: string, language: Language): string {
  return new Intl.DateTimeFormat(localeOf(language), { timeStyle: 'medium', timeZone: zone }).format(new Date(moment));
}

// A date as far as it is known: "28 November" stays without a year. Null when
// too little is known to be shown as a date.
export function formatPartialDate(date: PartialDate, language: Language): string | null {
  const { year, month, day } = date;
  if (month === null) return year === null ? null : String(year);
  const options: Intl.DateTimeFormatOptions = { month: 'long', timeZone: 'UTC' };
  if (day !== null) options.day = 'numeric';
  if (year !== null) options.year = 'numeric';
  // A leap year stands in for an unknown one, so that 29 February can be shown.
  const shown = new Date(Date.UTC(year ?? 2000, month - 1, day ?? 1));
  return new Intl.DateTimeFormat(localeOf(language), options).format(shown);
}

export function formatNumber(value: number, language: Language): string {
  return new Intl.NumberFormat(localeOf(language)).format(value);
}

// The time of day to the minute: "9:30".
export function formatClock(moment: string, language: Language): string {
  return new Intl.DateTimeFormat(localeOf(language), { hour: 'numeric', minute: '2-digit', hourCycle: 'h23', timeZone: zone }).format(
    new Date(moment),
  );
}

// The day of a moment as a calendar's leaf shows it.
export function formatDayParts(moment: string, language: Language): { day: number; monthName: string } {
  const of = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(localeOf(language), { ...options, timeZone: zone }).format(new Date(moment));
  return { day: Number.parseInt(of({ day: 'numeric' }), 10), monthName: of({ month: 'short' }) };
}

// The day of a moment in Madrid, as YYYY-MM-DD.
export function dayOf(moment: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(new Date(moment));
}

// A month given as YYYY-MM: "novembre del 2026".
export function formatMonth(month: string, language: Language): string {
  return new Intl.DateTimeFormat(localeOf(language), { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${month}-15T00:00:00Z`));
}

// What a field for a moment gives ("2026-11-28T09:30", as clocks in Madrid show it)
// as the hub takes it, with the distance from Greenwich of that day.
export function momentOf(local: string): string {
  const guess = new Date(`${local}:00Z`).getTime();
  return new Date(guess - offset(guess - offset(guess))).toISOString();
}

// The other way round: what a field for a moment shows.
export function localOf(moment: string | number): string {
  const parts = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone: zone }).format(new Date(moment));
  return parts.replace(' ', 'T');
}

// How far clocks in Madrid are ahead of Greenwich at a moment, in milliseconds.
function offset(at: number): number {
  const parts = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: zone }).format(new Date(at));
  return new Date(`${parts.replace(' ', 'T')}Z`).getTime() - Math.floor(at / 1000) * 1000;
}
