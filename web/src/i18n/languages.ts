// The languages of the hub, Catalan first, by their own names.
export const languages = [
  { code: 'ca', name: 'Català', locale: 'ca-ES' },
  { code: 'es', name: 'Castellano', locale: 'es-ES' },
  { code: 'en', name: 'English', locale: 'en-GB' },
] as const;

export type Language = (typeof languages)[number]['code'];

export function isLanguage(code: unknown): code is Language {
  return languages.some((language) => language.code === code);
}

export function localeOf(language: Language): string {
  return languages.find(({ code }) => code === language)?.locale ?? 'ca-ES';
}
