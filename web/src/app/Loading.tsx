import { useTexts } from '../i18n';

export function Loading() {
  const { t } = useTexts();
  return (
    <p role="status" className="loading">
      {t('loading')}
    </p>
  );
}
