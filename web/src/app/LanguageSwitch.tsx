import { choose, useTexts } from '../i18n';
import { languages } from '../i18n/languages';

export function LanguageSwitch() {
  const { t, language } = useTexts();
  return (
    <nav aria-label={t('languages')}>
      <ul className="languages">
        {languages.map(({ code, name }) => (
          <li key={code}>
            <button type="button" lang={code} aria-pressed={code === language} onClick={() => void choose(code)}>
              {name}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
