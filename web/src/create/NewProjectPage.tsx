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
  return (
    <Page title={t('create.project')} lead={t('create.enough')}>
      <ForBodies>{(bodies) => <New bodies={bodies} />}</ForBodies>
    </Page>
  );
}

function New({ bodies }: { bodies: Body[] }) {
  const { t, language } = useTexts();
  const navigate = useNavigate();
  const { run, busy, wrong } = useAction(createMutation);
  const draft = useDraft('project.new');
  const send = async (values: Values) => {
    const summary = values.optional('summary');
    const answer = await run({
      lead: values.text('lead'),
      side: values.text('side') === 'SOCIAL' ? 'SOCIAL' : 'PUBLIC',
      title: written(values.text('title'), language),
      summary: summary === null ? null : written(summary, language),
      startsOn: values.optional('startsOn'),
    });
    const id = answer?.sharedProjectCreate.project?.id;
    if (id === undefined) return;
    draft?.drop();
    await navigate(`/projects/${id}`);
  };
  return (
    <Form wrong={wrong} draft={draft} onSubmit={(values) => void send(values)} label={t('create.project')}>
      <TextField label={t('create.title')} name="title" wrong={about('title', wrong)} />
      <div className="row">
        <BodyField bodies={bodies} name="lead" label={t('projects.lead')} wrong={about('lead', wrong)} />
        <SelectField label={t('projects.side')} name="side" defaultValue="PUBLIC" wrong={about('side', wrong)}>
          <option value="PUBLIC">{t('partnerSide.PUBLIC')}</option>
          <option value="SOCIAL">{t('partnerSide.SOCIAL')}</option>
        </SelectField>
      </div>
      <TextField label={t('forms.optional', { label: t('create.startsOn') })} name="startsOn" type="date" wrong={about('startsOn', wrong)} />
      <TextArea label={t('forms.optional', { label: t('create.summary') })} name="summary" rows={3} wrong={about('summary', wrong)} />
      <Submit busy={busy}>{t('create.do')}</Submit>
    </Form>
  );
}
