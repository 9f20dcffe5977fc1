import { providerAddress } from '../api/auth';
import { useTexts } from '../i18n';
import { useProvider } from './useProvider';

// ProviderButton leads to the provider of the reader's own body, where there is one.
export function ProviderButton({ next }: { next: string }) {
  const { t } = useTexts();
  const name = useProvider();
  if (name === null) return null;
  return (
    <section className="panel" aria-label={t('signIn.or')}>
      <p>{t('signIn.or')}</p>
      <a className="button" href={providerAddress(next)}>
        {t('signIn.byProvider', { name })}
      </a>
    </section>
  );
}
