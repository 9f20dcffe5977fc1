import { useNavigate } from 'react-router';

import { graphql } from '../api/graphql';
import { Page } from '../app/Page';
import { about } from '../forms/errors';
import { SelectField, TextArea, TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useDraft } from '../forms/useDraft';
import { written } from '../format/written';
import { useTexts } from '../i18n';
import { BodyField, ForBodies, type Body } from './Bodies';

const createMutation = graphql(`
  mutation WorkingTableCreate($input: WorkingTableCreateInput!) {
    workingTableCreate(input: $input) {
      table {
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

const kinds = ['CROSS_CUTTING', 'TERRITORIAL', 'STRATEGIC_PLAN', 'THEMATIC', 'NETWORK', 'STEERING_GROUP'] as const;

export function Component() {
  const { t } = useTexts();
  return (
    <Page title={t('create.table')} lead={t('create.enough')}>
      <ForBodies>{(bodies) => <New bodies={bodies} />}</ForBodies>
    </Page>
  );
}

function New({ bodies }: { bodies: Body[] }) {
  const { t, language } = useTexts();
  const navigate = useNavigate();
  const { run, busy, wrong } = useAction(createMutation);
  const draft = useDraft('table.new');
  const send = async (values: Values) => {
    const description = values.optional('description');
    const answer = await run({
      convenor: values.text('convenor'),
      kind: kinds.find((kind) => kind === values.text('kind')) ?? 'THEMATIC',
      title: written(values.text('title'), language),
      description: description === null ? null : written(description, language),
    });
    const id = answer?.workingTableCreate.table?.id;
    if (id === undefined) return;
    draft?.drop();
    await navigate(`/tables/${id}`);
  };
  return (
    <Form wrong={wrong} draft={draft} onSubmit={(values) => void send(values)} label={t('create.table')}>
      <TextField label={t('create.title')} name="title" wrong={about('title', wrong)} />
      <div className="row">
        <BodyField bodies={bodies} name="convenor" label={t('tables.convenor')} wrong={about('convenor', wrong)} />
        <SelectField label={t('events.kind')} name="kind" defaultValue="THEMATIC" wrong={about('kind', wrong)}>
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {t(`tableKind.${kind}`)}
            </option>
          ))}
        </SelectField>
      </div>
      <TextArea label={t('forms.optional', { label: t('create.description') })} name="description" rows={3} wrong={about('description', wrong)} />
      <Submit busy={busy}>{t('create.do')}</Submit>
    </Form>
  );
}
