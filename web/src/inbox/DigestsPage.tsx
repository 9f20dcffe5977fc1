import { useState } from 'react';
import { Link } from 'react-router';
import { useQuery } from 'urql';

import { graphql, type ResultOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { SignedInOnly } from '../app/SignedInOnly';
import { Done } from '../forms/Done';
import { SelectField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';

const preferencesQuery = graphql(`
  query DigestPreferencesAsked {
    digestPreferences {
      sorts {
        sort
        rhythm
      }
      quiet {
        from
        until
      }
      reminders
    }
  }
`);

const chooseMutation = graphql(`
  mutation DigestPreferencesChosen($input: DigestPreferencesSetInput!) {
    digestPreferencesSet(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

type Preferences = NonNullable<ResultOf<typeof preferencesQuery>['digestPreferences']>;
type Rhythm = Preferences['sorts'][number]['rhythm'];

const rhythms: readonly Rhythm[] = ['IMMEDIATELY', 'DAILY', 'WEEKLY', 'NEVER'];

// Where digests lead who wants fewer of them, or none.
export function Component() {
  const { t } = useTexts();
  return (
    <Page title={t('digests.title')} lead={t('digests.lead')}>
      <SignedInOnly>{() => <Asked />}</SignedInOnly>
      <p>
        <Link to="/inbox">{t('inbox.title')}</Link>
      </p>
    </Page>
  );
}

function Asked() {
  const [{ data, error }, ask] = useQuery({ query: preferencesQuery });
  const again = () => ask({ requestPolicy: 'network-only' });
  if (error !== undefined) return <Failed error={error} retry={again} />;
  if (!data?.digestPreferences) return <Loading />;
  return <Choice preferences={data.digestPreferences} onChange={again} />;
}

function Choice({ preferences: { sorts, quiet, reminders }, onChange }: { preferences: Preferences; onChange: () => void }) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(chooseMutation);
  const [times, setTimes] = useState(0);
  const choose = async (of: (sort: Preferences['sorts'][number]['sort']) => Rhythm, remind: boolean) => {
    if ((await run({ sorts: sorts.map(({ sort }) => ({ sort, rhythm: of(sort) })), reminders: remind })) === null) return;
    setTimes((before) => before + 1);
    onChange();
  };
  const save = ({ text }: Values) => choose((sort) => rhythms.find((one) => one === text(sort)) ?? 'NEVER', text('reminders') === 'yes');
  return (
    <>
      {times > 0 && (
        <Done key={times} focus>
          {t('digests.saved')}
        </Done>
      )}
      <Form key={[...sorts.map(({ rhythm }) => rhythm), reminders].join()} wrong={wrong} onSubmit={(values) => void save(values)} label={t('digests.title')}>
        {sorts.map(({ sort, rhythm }) => (
          <SelectField key={sort} label={t(`inboxSort.${sort}`)} name={sort} defaultValue={rhythm}>
            {rhythms.map((one) => (
              <option key={one} value={one}>
                {t(`digests.rhythm.${one}`)}
              </option>
            ))}
          </SelectField>
        ))}
        <SelectField label={t('digests.reminders')} name="reminders" defaultValue={reminders ? 'yes' : 'no'}>
          {(['yes', 'no'] as const).map((one) => (
            <option key={one} value={one}>
              {t(`digests.remind.${one}`)}
            </option>
          ))}
        </SelectField>
        {quiet !== null && <p className="hint">{t('digests.quiet', quiet)}</p>}
        <div className="actions">
          <Submit busy={busy}>{t('register.save')}</Submit>
          <button type="button" aria-disabled={busy} onClick={() => void choose(() => 'NEVER', reminders)}>
            {t('digests.none')}
          </button>
        </div>
      </Form>
    </>
  );
}
