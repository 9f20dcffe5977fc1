import { askForCode } from '../api/auth';
import { about } from '../forms/errors';
import { Form, Submit } from '../forms/Form';
import { TextField } from '../forms/Field';
import { PrivacyNotice } from '../forms/PrivacyNotice';
import { useTexts } from '../i18n';
import { useAttempt } from './useAttempt';

// MailForm asks for the mail address that a code is sent to.
export function MailForm({ onSent }: { onSent: (mail: string) => void }) {
  const { t, language } = useTexts();
  const { attempt, busy, wrong, setWrong } = useAttempt();
  const send = async (mail: string) => {
    if (!/^\S+@\S+$/.test(mail)) {
      setWrong([{ message: t('signIn.mailNeeded'), code: 'MAIL_NEEDED', path: ['mail'] }]);
      return;
    }
    if (await attempt(() => askForCode(mail, language))) onSent(mail);
  };
  return (
    <>
      <p className="lead">{t('signIn.intro')}</p>
      <PrivacyNotice form="SIGN_IN" />
      <Form wrong={wrong} onSubmit={({ text }) => void send(text('mail'))}>
        <TextField
          label={t('signIn.mail')}
          name="mail"
          type="email"
          autoComplete="email"
          required
          wrong={about('mail', wrong)}
        />
        <Submit busy={busy}>{t('signIn.sendCode')}</Submit>
      </Form>
    </>
  );
}
