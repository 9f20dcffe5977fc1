import { useState } from 'react';

import { askForCode, signIn } from '../api/auth';
import { Done } from '../forms/Done';
import { TextField } from '../forms/Field';
import { Form, Submit } from '../forms/Form';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import { useAttempt } from './useAttempt';

// CodeForm takes the code that was mailed. It says the same for every address:
// whether the hub knows it is nobody else's business.
export function CodeForm({ mail, onOtherMail }: { mail: string; onOtherMail: () => void }) {
  const { t, language } = useTexts();
  const { renew } = useSession();
  const { attempt, busy, wrong } = useAttempt();
  const [sent, setSent] = useState(1);
  const enter = async (code: string) => {
    if (await attempt(() => signIn({ mail, code }, language))) renew();
  };
  const again = async () => {
    if (await attempt(() => askForCode(mail, language))) setSent((times) => times + 1);
  };
  return (
    <>
      <Done focus key={sent}>
        <p>{t(sent === 1 ? 'signIn.sent' : 'signIn.sentAgain', { mail })}</p>
      </Done>
      <Form wrong={wrong} onSubmit={({ text }) => void enter(text('code').replace(/[\s-]/g, ''))}>
        <TextField
          label={t('signIn.code')}
          hint={t('signIn.codeHint')}
          name="code"
          className="code-input"
          autoComplete="one-time-code"
          autoCapitalize="characters"
          spellCheck={false}
          required
        />
        <Submit busy={busy}>{t('signIn.enter')}</Submit>
      </Form>
      <div className="actions">
        <button type="button" onClick={() => void again()}>
          {t('signIn.again')}
        </button>
        <button type="button" onClick={onOtherMail}>
          {t('signIn.otherMail')}
        </button>
      </div>
    </>
  );
}
