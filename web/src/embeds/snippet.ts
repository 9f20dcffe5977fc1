// The lines that show a list of events in somebody's page: a frame and nothing
// else. It runs no script there and sets no cookie.
import type { Language } from '../i18n/languages';

export interface Embedded {
  // Null: the events of everybody.
  organization: string | null;
  language: Language;
  limit: number;
}

export function address(origin: string, { organization, language, limit }: Embedded): string {
  const asked = new URLSearchParams({ ...(organization === null ? {} : { organization }), lang: language, limit: String(limit) });
  return `${origin}/embed/events?${asked}`;
}

const escapes: Record<string, string> = { '&': '&amp;', '"': '&quot;', '<': '&lt;' };

function escaped(text: string): string {
  return text.replace(/[&"<]/g, (letter) => escapes[letter] ?? letter);
}

export function snippet(origin: string, embedded: Embedded, title: string): string {
  return `<iframe src="${escaped(address(origin, embedded))}" title="${escaped(title)}" width="100%" height="420" loading="lazy" style="border:0"></iframe>`;
}
