import { useState } from 'react';

import { graphql } from '../api/graphql';
import { Done } from '../forms/Done';
import { about } from '../forms/errors';
import { TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { localOf, momentOf } from '../format/when';
import { useTexts } from '../i18n';
import type { SessionShown } from './session';

const updateMutation = graphql(`
  mutation TableSessionUpdate($input: TableSessionUpdateInput!) {
    tableSessionUpdate(input: $input) {
      session {
        id
        startsAt
        place
      }
      errors {
        message
        code
        path
      }
    }
  }
`);

// DateAndPlace lets the organisers say when and where a session is that they
// prepare: a copy may have no date yet.
export function DateAndPlace({ session: { id, startsAt, place } }: { session: SessionShown }) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(updateMutation);
  const [saved, setSaved] = useState(false);
  const send = async (values: Values) => {
    const when = values.optional('startsAt');
    const answer = await run({ id, place: values.text('place'), ...(when === null ? {} : { startsAt: momentOf(when) }) });
    setSaved(answer !== null);
  };
  return (
    <details className="panel" open={startsAt === null}>
      <summary>{t('tables.dateAndPlace')}</summary>
      {saved && <Done>{t('tables.dated')}</Done>}
      <Form key={`${startsAt} ${place}`} wrong={wrong} onSubmit={(values) => void send(values)} label={t('tables.dateAndPlace')}>
        <div className="row">
          <TextField
            label={t('create.starts')}
            name="startsAt"
            type="datetime-local"
            defaultValue={startsAt === null ? '' : localOf(startsAt)}
            wrong={about('startsAt', wrong)}
          />
          <TextField label={t('create.place')} name="place" defaultValue={place} wrong={about('place', wrong)} />
          <Submit busy={busy}>{t('tables.date')}</Submit>
        </div>
      </Form>
    </details>
  );
}
