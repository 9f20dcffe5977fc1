// Texts on the screen. The chosen language is remembered; without a choice the
// page is in Catalan, whatever the browser prefers, as the bodies' own pages are.
import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';

import type { Texts } from './ca';
import { isLanguage, type Language } from './languages';

const remembered = 'teixit.language';

// A link may carry ?lang=en; that counts as a choice, and is remembered as one.
function chosen(): Language {
  const asked = new URLSearchParams(window.location.search).get('lang');
  if (isLanguage(asked)) {
    window.localStorage.setItem(remembered, asked);
    return asked;
  }
  const kept = window.localStorage.getItem(remembered);
  return isLanguage(kept) ? kept : 'ca';
}

// A reader needs one language, so the others are fetched when they are chosen.
const texts: Record<Language, () => Promise<Texts>> = {
  ca: async () => (await import('./ca')).ca,
  es: async () => (await import('./es')).es,
  en: async () => (await import('./en')).en,
};

async function fetchTexts(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'translation')) return;
  i18next.addResourceBundle(language, 'translation', await texts[language]());
}

function apply(language: Language): void {
  document.documentElement.lang = language; // the title is the page's
}

export async function startTexts(): Promise<void> {
  const language = chosen();
  await i18next.use(initReactI18next).init({
    resources: { [language]: { translation: await texts[language]() } },
    lng: language,
    fallbackLng: false, // every language is complete: a test holds that
    interpolation: { escapeValue: false }, // React escapes what it shows
  });
  apply(language);
}

export async function choose(language: Language): Promise<void> {
  window.localStorage.setItem(remembered, language);
  await fetchTexts(language);
  await i18next.changeLanguage(language);
  apply(language);
}

// useTexts gives the texts and the language they are in.
export function useTexts() {
  const { t, i18n } = useTranslation();
  const language: Language = isLanguage(i18n.language) ? i18n.language : 'ca';
  return { t, language };
}
