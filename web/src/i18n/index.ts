// Texts on the screen. The chosen language is remembered; without a choice the
// page is in Catalan, whatever the browser prefers, as the bodies' own pages are.
import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';

import { ca } from './ca';
import { en } from './en';
import { es } from './es';
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

function apply(language: Language): void {
  document.documentElement.lang = language; // the title is the page's
}

export async function startTexts(): Promise<void> {
  const language = chosen();
  await i18next.use(initReactI18next).init({
    resources: { ca: { translation: ca }, es: { translation: es }, en: { translation: en } },
    lng: language,
    fallbackLng: 'ca',
    interpolation: { escapeValue: false }, // React escapes what it shows
  });
  apply(language);
}

export async function choose(language: Language): Promise<void> {
  window.localStorage.setItem(remembered, language);
  await i18next.changeLanguage(language);
  apply(language);
}

// useTexts gives the texts and the language they are in.
export function useTexts() {
  const { t, i18n } = useTranslation();
  const language: Language = isLanguage(i18n.language) ? i18n.language : 'ca';
  return { t, language };
}
