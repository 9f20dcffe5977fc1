import { useParams } from 'react-router';

import { graphql } from '../api/graphql';
import { Page } from '../app/Page';
import { SignedInOnly } from '../app/SignedInOnly';
import { about } from '../forms/errors';
import { TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { useDraft } from '../forms/useDraft';
import { momentOf } from '../format/when';
import { writtenOrNot } from '../format/written';
import { useTexts } from '../i18n';
import { pageOf, useMade } from './useMade';

const createMutation = graphql(`
  mutation TableSessionCreate($input: TableSessionCreateInput!) {
    tableSessionCreate(input: $input) {
      session {
        id
      }
      errors {
        message
        code
        path
      }
    }
  }
`);

export function Component() {
  const { t } = useTexts();
  const { id = '' } = useParams();
  return (
    <Page title={t('create.session')} lead={t('create.enough')}>
      <SignedInOnly>{() => <New table={id} />}</SignedInOnly>
    </Page>
  );
}

function New({ table }: { table: string }) {
  const { t, language } = useTexts();
  const draft = useDraft(`session.new.${table}`);
  const { make, busy, wrong } = useMade(createMutation, ({ tableSessionCreate: { session } }) => pageOf('sessions', session), { draft });
  const send = async (values: Values) => {
    const startsAt = values.optional('startsAt');
    await make({
      table,
      title: writtenOrNot(values.optional('title'), language),
      startsAt: startsAt === null ? null : momentOf(startsAt),
      place: values.optional('place'),
      extraordinary: false,
    });
  };
  return (
    <Form wrong={wrong} draft={draft} onSubmit={(values) => void send(values)} label={t('create.session')}>
      <TextField label={t('forms.optional', { label: t('create.title') })} name="title" wrong={about('title', wrong)} />
      <TextField label={t('create.starts')} name="startsAt" type="datetime-local" wrong={about('startsAt', wrong)} />
      <TextField label={t('create.place')} name="place" wrong={about('place', wrong)} />
      <Submit busy={busy}>{t('create.do')}</Submit>
    </Form>
  );
}
