import { useId, useState } from 'react';

import { graphql, type VariablesOf } from '../api/graphql';
import { about } from '../forms/errors';
import { CheckField, TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { PrivacyNotice } from '../forms/PrivacyNotice';
import { useAction } from '../forms/useAction';
import { useDraft } from '../forms/useDraft';
import { inDays } from '../format/when';
import { useTexts } from '../i18n';

const createMutation = graphql(`
  mutation ApiTokenCreate($input: ApiTokenCreateInput!) {
    apiTokenCreate(input: $input) {
      token
      apiToken {
        id
        name
      }
      errors {
        message
        code
        path
      }
    }
  }
`);

type Scope = VariablesOf<typeof createMutation>['input']['scopes'][number];

const scopes: readonly Scope[] = ['READ', 'EVENTS_WRITE', 'PROJECTS_WRITE', 'REGISTRATIONS_WRITE', 'DIRECTORY_WRITE', 'ALL'];

export interface Made {
  name: string;
  token: string;
}

// TokenForm makes a key for a program. It may only read until something else is
// ticked, and holds 90 days until another day is chosen.
export function TokenForm({ onMade }: { onMade: (made: Made) => void }) {
  const { t } = useTexts();
  const legend = useId();
  const [times, setTimes] = useState(0);
  const draft = useDraft('token');
  const { run, busy, wrong } = useAction(createMutation);
  const make = async ({ text, all }: Values) => {
    const name = text('name');
    const answer = await run({
      name,
      scopes: all('scope').filter((scope): scope is Scope => scopes.some((one) => one === scope)),
      expiresAt: endOfDay(text('expiresAt')),
    });
    const token = answer?.apiTokenCreate.token ?? null;
    if (token === null) return;
    draft?.drop();
    setTimes((n) => n + 1); // an empty form again
    onMade({ name, token });
  };
  const scopesWrong = about('scopes', wrong);
  return (
    <div className="panel">
      <h3>{t('access.create')}</h3>
      <PrivacyNotice form="API_TOKEN" />
      <Form key={times} draft={draft} wrong={wrong} onSubmit={(values) => void make(values)} label={t('access.create')}>
        <TextField label={t('access.name')} hint={t('access.nameHint')} name="name" maxLength={200} wrong={about('name', wrong)} />
        <fieldset className="field" aria-describedby={scopesWrong === undefined ? undefined : legend}>
          <legend>{t('access.scopes')}</legend>
          {scopesWrong !== undefined && (
            <p className="wrong" id={legend}>
              {scopesWrong}
            </p>
          )}
          {scopes.map((scope) => (
            <CheckField key={scope} label={t(`tokenScope.${scope}`)} name="scope" value={scope} defaultChecked={scope === 'READ'} />
          ))}
        </fieldset>
        <TextField
          label={t('access.expires')}
          hint={t('access.expiresHint')}
          name="expiresAt"
          type="date"
          min={inDays(1)}
          max={inDays(364)}
          defaultValue={inDays(90)}
          wrong={about('expiresAt', wrong)}
        />
        <Submit busy={busy}>{t('access.create')}</Submit>
      </Form>
    </div>
  );
}

// A day that was left empty is sent as one long past: the hub says what is wrong.
function endOfDay(day: string): string {
  const end = new Date(`${day}T23:59:59`);
  return (Number.isNaN(end.getTime()) ? new Date(0) : end).toISOString();
}
