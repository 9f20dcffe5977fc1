import { Link } from 'react-router';

import { useTexts } from '../i18n';
import { Page } from './Page';

export function Component() {
  const { t } = useTexts();
  return (
    <Page title={t('notFound.title')}>
      <p>{t('notFound.text')}</p>
      <p>
        <Link to="/">{t('notFound.home')}</Link>
      </p>
    </Page>
  );
}
