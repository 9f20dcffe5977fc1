import { signIn } from '../api/auth';
import { Form, Submit } from '../forms/Form';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import { useAttempt } from './useAttempt';

// LinkForm signs in by the mailed link, when its button is pressed: programs that
// open every link of a mail to look for harm must not use the link up.
export function LinkForm({ token, onOtherWay }: { token: string; onOtherWay: () => void }) {
  const { t, language } = useTexts();
  const { renew } = useSession();
  const { attempt, busy, wrong } = useAttempt();
  const enter = async () => {
    if (await attempt(() => signIn({ token }, language))) renew();
  };
  return (
    <Form wrong={wrong} onSubmit={() => void enter()}>
      <p>{t('signIn.byLink')}</p>
      <div className="actions">
        <Submit busy={busy}>{t('signIn.enter')}</Submit>
        <button type="button" onClick={onOtherWay}>
          {t('signIn.byCodeInstead')}
        </button>
      </div>
    </Form>
  );
}
