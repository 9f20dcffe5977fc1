import { useState } from 'react';
import { useQuery } from 'urql';

import { graphql, type ResultOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Done } from '../forms/Done';
import { about } from '../forms/errors';
import { SelectField, TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { PrivacyNotice } from '../forms/PrivacyNotice';
import { useAction } from '../forms/useAction';
import { useDraft } from '../forms/useDraft';
import { useTexts } from '../i18n';
import { isLanguage, languages } from '../i18n/languages';
import { MailChange } from './MailChange';

const aboutQuery = graphql(`
  query AboutMe {
    viewer {
      person {
        id
        name
      }
      account {
        id
        mail
        language
      }
    }
  }
`);

const updateMutation = graphql(`
  mutation AccountUpdate($input: AccountUpdateInput!) {
    accountUpdate(input: $input) {
      viewer {
        person {
          id
          name
        }
        account {
          id
          language
        }
      }
      errors {
        message
        code
        path
      }
    }
  }
`);

type Viewer = NonNullable<ResultOf<typeof aboutQuery>['viewer']>;

// AboutMe is the reader's own name and language of mails.
export function AboutMe() {
  const { t } = useTexts();
  const [{ data, error }, ask] = useQuery({ query: aboutQuery, requestPolicy: 'cache-and-network' });
  return (
    <section aria-labelledby="about-me">
      <h2 id="about-me">{t('me.about')}</h2>
      {error !== undefined && <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />}
      {data === undefined && error === undefined && <Loading />}
      {data?.viewer != null && <AboutForm viewer={data.viewer} />}
    </section>
  );
}

function AboutForm({ viewer: { person, account } }: { viewer: Viewer }) {
  const { t } = useTexts();
  const draft = useDraft('about me');
  const { run, busy, wrong } = useAction(updateMutation);
  const [saved, setSaved] = useState(0);
  const save = async ({ text }: Values) => {
    const language = text('language');
    const input = { name: text('name'), language: isLanguage(language) ? upper[language] : null };
    if ((await run(input)) === null) return;
    draft?.drop();
    setSaved((n) => n + 1);
  };
  if (account === null) return <p>{t('me.noAccount')}</p>;
  return (
    <>
      <MailChange mail={account.mail} />
      {saved > 0 && (
        <Done focus key={saved}>
          {t('me.saved')}
        </Done>
      )}
      <PrivacyNotice form="ACCOUNT" />
      <Form key={saved} draft={draft} wrong={wrong} onSubmit={(values) => void save(values)} label={t('me.about')}>
        <TextField
          label={t('me.name')}
          hint={t('me.nameHint')}
          name="name"
          autoComplete="name"
          maxLength={200}
          defaultValue={person.name ?? ''}
          wrong={about('name', wrong)}
        />
        <SelectField label={t('me.language')} name="language" defaultValue={account.language.toLowerCase()} wrong={about('language', wrong)}>
          {languages.map(({ code, name }) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </SelectField>
        <Submit busy={busy}>{t('me.save')}</Submit>
      </Form>
    </>
  );
}

const upper = { ca: 'CA', es: 'ES', en: 'EN' } as const;
