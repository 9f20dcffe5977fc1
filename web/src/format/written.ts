// A text that somebody writes is in the language in which they read the page.
import type { Language } from '../i18n/languages';

export function written(text: string, language: Language): { ca?: string; es?: string; en?: string } {
  return { [language]: text };
}
