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
