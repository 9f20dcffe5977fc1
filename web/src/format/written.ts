// A text that somebody writes is in the language in which they read the page.
import type { Language } from '../i18n/languages';

export function written(text: string, language: Language): { ca?: string; es?: string; en?: string } {
  return { [language]: text };
}

// writtenOrNot is what may be left out.
export function writtenOrNot(text: string | null, language: Language): ReturnType<typeof written> | null {
  return text === null ? null : written(text, language);
}
