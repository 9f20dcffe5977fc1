import { useTexts } from '../i18n';

export function Loading() {
  const { t } = useTexts();
  return <p role="status">{t('loading')}</p>;
}
