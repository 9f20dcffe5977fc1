import { useTexts } from '../i18n';

// BrokenPage stands in for a page that failed while it was shown or fetched: a
// newer client may be served by now, so the way out is to load it again.
export function BrokenPage() {
  const { t } = useTexts();
  return (
    <main id="content" role="alert">
      <h1>{t('broken.title')}</h1>
      <p>{t('broken.text')}</p>
      <button type="button" onClick={() => window.location.reload()}>
        {t('broken.reload')}
      </button>
    </main>
  );
}
