import { graphql } from '../api/graphql';
import { about } from '../forms/errors';
import { TextArea, TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { useDraft } from '../forms/useDraft';
import { written, writtenOrNot } from '../format/written';
import { useTexts } from '../i18n';
import { BodyField, type Body } from './Bodies';
import { NewPage } from './NewPage';
import { SideField, SightField, sideOf, sightOf } from './ProjectFields';
import { pageOf, useMade } from './useMade';

const createMutation = graphql(`
  mutation SharedProjectCreate($input: SharedProjectCreateInput!) {
    sharedProjectCreate(input: $input) {
      project {
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
  return <NewPage title={t('create.project')}>{(bodies) => <New bodies={bodies} />}</NewPage>;
}

function New({ bodies }: { bodies: Body[] }) {
  const { t, language } = useTexts();
  const draft = useDraft('project.new');
  const { make, busy, wrong } = useMade(createMutation, ({ sharedProjectCreate: { project } }) => pageOf('projects', project), { draft });
  const send = async (values: Values) => {
    await make({
      lead: values.text('lead'),
      side: sideOf(values),
      title: written(values.text('title'), language),
      summary: writtenOrNot(values.optional('summary'), language),
      startsOn: values.optional('startsOn'),
      visibility: sightOf(values),
    });
  };
  return (
    <Form wrong={wrong} draft={draft} onSubmit={(values) => void send(values)} label={t('create.project')}>
      <TextField label={t('create.title')} name="title" wrong={about('title', wrong)} />
      <div className="row">
        <BodyField bodies={bodies} name="lead" label={t('projects.lead')} wrong={about('lead', wrong)} />
        <SideField wrong={wrong} />
      </div>
      <TextField label={t('forms.optional', { label: t('create.startsOn') })} name="startsOn" type="date" wrong={about('startsOn', wrong)} />
      <TextArea label={t('forms.optional', { label: t('create.summary') })} name="summary" rows={3} wrong={about('summary', wrong)} />
      <SightField preset="MEMBERS" wrong={wrong} />
      <Submit busy={busy}>{t('create.do')}</Submit>
    </Form>
  );
}
