import { useId, useState } from 'react';

import { graphql } from '../api/graphql';
import { BodyField, ForBodies } from '../create/Bodies';
import { written } from '../format/written';
import { about } from '../forms/errors';
import { SelectField, TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useModal } from '../forms/useModal';
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

const sights = ['PUBLIC', 'NETWORK', 'MEMBERS'] as const;

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
  const heading = useId();
  const dialog = useModal();
  const make = async (values: Values) => {
    const done = await run({
      priority: priority.id,
      lead: values.text('lead'),
      side: values.text('side') === 'SOCIAL' ? 'SOCIAL' : 'PUBLIC',
      title: written(values.text('title'), language),
      visibility: sights.find((one) => one === values.text('visibility')) ?? 'MEMBERS',
    });
    if (done === null) return;
    again();
    close();
  };
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <h2 id={heading}>{t('workshops.makeProject')}</h2>
      <ForBodies>
        {(bodies) => (
          <Form wrong={wrong} onSubmit={(values) => void make(values)}>
            <TextField label={t('create.title')} name="title" maxLength={200} defaultValue={priority.text} wrong={about('title', wrong)} />
            <BodyField bodies={bodies} name="lead" label={t('projects.lead')} wrong={about('lead', wrong)} />
            <SelectField label={t('projects.side')} name="side" defaultValue="PUBLIC" wrong={about('side', wrong)}>
              <option value="PUBLIC">{t('partnerSide.PUBLIC')}</option>
              <option value="SOCIAL">{t('partnerSide.SOCIAL')}</option>
            </SelectField>
            <SelectField label={t('workshops.whoSees')} name="visibility" defaultValue="PUBLIC" wrong={about('visibility', wrong)}>
              {sights.map((one) => (
                <option key={one} value={one}>
                  {t(`workshops.sight.${one}`)}
                </option>
              ))}
            </SelectField>
            <div className="row">
              <Submit busy={busy}>{t('create.do')}</Submit>
              <button type="button" onClick={close}>
                {t('forms.cancel')}
              </button>
            </div>
          </Form>
        )}
      </ForBodies>
    </dialog>
  );
}
