import { useTexts } from '../i18n';
import { Page } from './Page';

// The statement that RD 1112/2018 asks for.
export function Component() {
  const { t } = useTexts();
  return (
    <Page title={t('accessibility.title')} lead={t('accessibility.lead')}>
      <h2>{t('accessibility.standard')}</h2>
      <p>{t('accessibility.standardText')}</p>
      <h2>{t('accessibility.limits')}</h2>
      <ul>
        <li>{t('accessibility.limitMap')}</li>
        <li>{t('accessibility.limitOthers')}</li>
        <li>{t('accessibility.limitPeople')}</li>
      </ul>
      <h2>{t('accessibility.report')}</h2>
      <p>{t('accessibility.reportText')}</p>
    </Page>
  );
}
