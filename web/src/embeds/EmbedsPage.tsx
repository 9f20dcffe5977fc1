import { useState } from 'react';

import { Picker, type Found } from '../administration/Picker';
import { Page } from '../app/Page';
import { SelectField, TextArea, TextField } from '../forms/Field';
import { useTexts } from '../i18n';
import { isLanguage, languages, type Language } from '../i18n/languages';
import { address, snippet } from './snippet';

// The page that makes the few lines with which somebody shows the next events of
// an organisation, or of everybody, in a page of their own.
export function Component() {
  const { t, language: own } = useTexts();
  const [body, choose] = useState<Found | null>(null);
  const [language, speak] = useState<Language>(own);
  const [limit, setLimit] = useState(6);
  const asked = { organization: body?.id ?? null, language, limit };
  const title = t('embeds.frame');
  const source = address(window.location.origin, asked);
  return (
    <Page title={t('embeds.title')} lead={t('embeds.lead')}>
      <div className="halves">
        <form aria-label={t('embeds.title')} onSubmit={(event) => event.preventDefault()}>
          <Picker label={t('embeds.whose')} chosen={body} onChoose={choose} />
          <div className="row">
            <SelectField label={t('languages')} name="language" value={language} onChange={({ target }) => isLanguage(target.value) && speak(target.value)}>
              {languages.map(({ code, name }) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
            </SelectField>
            <TextField
              label={t('embeds.limit')}
              name="limit"
              type="number"
              min={1}
              max={50}
              value={limit}
              onChange={({ target }) => setLimit(Math.min(50, Math.max(1, Number(target.value) || 1)))}
            />
          </div>
          <TextArea label={t('embeds.snippet')} hint={t('embeds.hint')} name="snippet" rows={5} readOnly value={snippet(window.location.origin, asked, title)} />
        </form>
        <section aria-labelledby="preview">
          <h2 id="preview">{t('embeds.preview')}</h2>
          {/* A frame of its own each: one that is led elsewhere while it loads may stay where it was, and every step would count as a page one can go back to. */}
          <iframe key={source} className="embed" title={title} src={source} />
        </section>
      </div>
    </Page>
  );
}
