import { useState } from 'react';

import { graphql } from '../api/graphql';
import { Done } from '../forms/Done';
import { about } from '../forms/errors';
import { TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { PrivacyNotice } from '../forms/PrivacyNotice';
import { useAction } from '../forms/useAction';
import { useDraft } from '../forms/useDraft';
import { useTexts } from '../i18n';

const changeMutation = graphql(`
  mutation AccountMailChange($input: AccountMailChangeInput!) {
    accountMailChange(input: $input) {
      minutes
      errors {
        message
        code
        path
      }
    }
  }
`);

const confirmMutation = graphql(`
  mutation AccountMailConfirm($input: AccountMailConfirmInput!) {
    accountMailConfirm(input: $input) {
      viewer {
        account {
          id
          mail
        }
      }
      errors {
        message
        code
        path
      }
    }
  }
`);

interface Asked {
  mail: string;
  minutes: number;
}

// MailChange shows the address of the account and takes another one, which has
// to be shown to be read before anything changes.
export function MailChange({ mail }: { mail: string | null }) {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [changed, setChanged] = useState(false);
  const close = () => {
    setOpen(false);
    setAsked(null);
  };
  return (
    <>
      {mail !== null && <p>{t('me.mail', { mail })}</p>}
      {changed && <Done focus>{t('me.mailChanged')}</Done>}
      {!open && (
        <button type="button" onClick={() => (setOpen(true), setChanged(false))}>
          {t(mail === null ? 'me.addMail' : 'me.changeMail')}
        </button>
      )}
      {open && (
        <div className="panel">
          {asked === null ? (
            <AskForm onAsked={setAsked} onCancel={close} />
          ) : (
            <ConfirmForm
              asked={asked}
              onCancel={close}
              onChanged={() => {
                close();
                setChanged(true);
              }}
            />
          )}
        </div>
      )}
    </>
  );
}

function AskForm({ onAsked, onCancel }: { onAsked: (asked: Asked) => void; onCancel: () => void }) {
  const { t } = useTexts();
  const draft = useDraft('mail');
  const { run, busy, wrong } = useAction(changeMutation);
  const send = async ({ text }: Values) => {
    const mail = text('mail');
    const answer = await run({ mail });
    if (answer === null) return;
    draft?.drop();
    onAsked({ mail, minutes: answer.accountMailChange.minutes ?? 0 });
  };
  return (
    <>
      <PrivacyNotice form="MAIL_CHANGE" />
      <Form draft={draft} wrong={wrong} onSubmit={(values) => void send(values)} label={t('me.changeMail')}>
        <TextField label={t('me.newMail')} name="mail" type="email" autoComplete="email" autoFocus required wrong={about('mail', wrong)} />
        <div className="actions">
          <Submit busy={busy}>{t('me.sendMailCode')}</Submit>
          <button type="button" onClick={onCancel}>
            {t('forms.cancel')}
          </button>
        </div>
      </Form>
    </>
  );
}

interface ConfirmProps {
  asked: Asked;
  onChanged: () => void;
  onCancel: () => void;
}

function ConfirmForm({ asked: { mail, minutes }, onChanged, onCancel }: ConfirmProps) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(confirmMutation);
  const confirm = async ({ text }: Values) => {
    if ((await run({ code: text('code') })) !== null) onChanged();
  };
  return (
    <>
      <Done focus>{t('me.mailSent', { mail, minutes })}</Done>
      <Form wrong={wrong} onSubmit={(values) => void confirm(values)} label={t('me.changeMail')}>
        <TextField
          label={t('me.mailCode')}
          hint={t('signIn.codeHint')}
          name="code"
          className="code-input"
          autoComplete="one-time-code"
          inputMode="numeric"
          spellCheck={false}
          required
          wrong={about('code', wrong)}
        />
        <div className="actions">
          <Submit busy={busy}>{t('me.takeMail')}</Submit>
          <button type="button" onClick={onCancel}>
            {t('forms.cancel')}
          </button>
        </div>
      </Form>
    </>
  );
}
