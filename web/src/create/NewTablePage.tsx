import { graphql } from '../api/graphql';
import { about } from '../forms/errors';
import { SelectField, TextArea, TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { useDraft } from '../forms/useDraft';
import { written, writtenOrNot } from '../format/written';
import { useTexts } from '../i18n';
import { BodyField, type Body } from './Bodies';
import { NewPage } from './NewPage';
import { pageOf, useMade } from './useMade';

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
  return <NewPage title={t('create.table')}>{(bodies) => <New bodies={bodies} />}</NewPage>;
}

function New({ bodies }: { bodies: Body[] }) {
  const { t, language } = useTexts();
  const draft = useDraft('table.new');
  const { make, busy, wrong } = useMade(createMutation, ({ workingTableCreate: { table } }) => pageOf('tables', table), { draft });
  const send = async (values: Values) => {
    await make({
      convenor: values.text('convenor'),
      kind: kinds.find((kind) => kind === values.text('kind')) ?? 'THEMATIC',
      title: written(values.text('title'), language),
      description: writtenOrNot(values.optional('description'), language),
    });
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
