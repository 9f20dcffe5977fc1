import { useState } from 'react';

import { graphql } from '../api/graphql';
import { copied } from '../create/Duplicate';
import { SightField, sightOf, type Sight } from '../create/ProjectFields';
import { pageOf, useMade } from '../create/useMade';
import { Dialog } from '../forms/Dialog';
import { Form, Submit } from '../forms/Form';
import { useTexts } from '../i18n';

const duplicateMutation = graphql(`
  mutation SharedProjectDuplicate($input: SharedProjectDuplicateInput!) {
    sharedProjectDuplicate(input: $input) {
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

interface Props {
  project: { id: string; title: string; visibility: Sight };
}

// DuplicateProject makes a project like the one shown, once it was said who sees
// the copy, and leads to it.
export function DuplicateProject({ project }: Props) {
  const { t } = useTexts();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setAsking(true)}>
        {t('create.duplicate')} <span className="unseen">{project.title}</span>
      </button>
      {asking && <Asking project={project} onLeave={() => setAsking(false)} />}
    </>
  );
}

function Asking({ project: { id, title, visibility }, onLeave }: Props & { onLeave: () => void }) {
  const { t } = useTexts();
  const { make, busy, wrong } = useMade(duplicateMutation, ({ sharedProjectDuplicate: { project } }) => pageOf('projects', project), { state: copied });
  return (
    <Dialog title={t('create.duplicateOf', { title })} onLeave={onLeave}>
      <Form wrong={wrong} onSubmit={(values) => void make({ id, visibility: sightOf(values) })}>
        <SightField preset={visibility} wrong={wrong} />
        <div className="actions">
          <Submit busy={busy}>{t('create.duplicate')}</Submit>
          <button type="button" onClick={onLeave}>
            {t('forms.cancel')}
          </button>
        </div>
      </Form>
    </Dialog>
  );
}
