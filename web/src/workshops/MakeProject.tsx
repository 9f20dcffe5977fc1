import { useState } from 'react';

import { graphql } from '../api/graphql';
import { BodyField, ForBodies } from '../create/Bodies';
import { SideField, SightField, sideOf, sightOf } from '../create/ProjectFields';
import { written } from '../format/written';
import { Dialog } from '../forms/Dialog';
import { about } from '../forms/errors';
import { TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';
import type { Priority } from './workshop';

const projectMutation = graphql(`
  mutation WorkshopProject($input: WorkshopPriorityProjectCreateInput!) {
    workshopPriorityProjectCreate(input: $input) {
      project {
        id
        title
      }
      errors {
        message
        code
        path
      }
    }
  }
`);

// MakeProject lets a priority become a shared project, which keeps where it came from.
export function MakeProject({ priority, again }: { priority: Priority; again: () => void }) {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button-main" aria-label={t('workshops.makeProjectOf', { text: priority.text })} onClick={() => setOpen(true)}>
        {t('workshops.makeProject')}
      </button>
      {open && <Asking priority={priority} again={again} close={() => setOpen(false)} />}
    </>
  );
}

function Asking({ priority, again, close }: { priority: Priority; again: () => void; close: () => void }) {
  const { t, language } = useTexts();
  const { run, busy, wrong } = useAction(projectMutation);
  const make = async (values: Values) => {
    const done = await run({
      priority: priority.id,
      lead: values.text('lead'),
      side: sideOf(values),
      title: written(values.text('title'), language),
      visibility: sightOf(values),
    });
    if (done === null) return;
    again();
    close();
  };
  return (
    <Dialog title={t('workshops.makeProject')} onLeave={close}>
      <ForBodies>
        {(bodies) => (
          <Form wrong={wrong} onSubmit={(values) => void make(values)}>
            <TextField label={t('create.title')} name="title" maxLength={200} defaultValue={priority.text} wrong={about('title', wrong)} />
            <BodyField bodies={bodies} name="lead" label={t('projects.lead')} wrong={about('lead', wrong)} />
            <SideField wrong={wrong} />
            <SightField preset="PUBLIC" wrong={wrong} />
            <div className="row">
              <Submit busy={busy}>{t('create.do')}</Submit>
              <button type="button" onClick={close}>
                {t('forms.cancel')}
              </button>
            </div>
          </Form>
        )}
      </ForBodies>
    </Dialog>
  );
}
