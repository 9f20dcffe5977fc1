import { useNavigate, useSearchParams } from 'react-router';

import { useTexts } from '../i18n';

// SearchBox leads to the page of what was found, whose address can be kept.
export function SearchBox() {
  const { t } = useTexts();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  return (
    <form
      role="search"
      className="frame-search"
      action="/search"
      onSubmit={(event) => {
        event.preventDefault();
        const text = String(new FormData(event.currentTarget).get('q') ?? '').trim();
        if (text !== '') void navigate(`/search?q=${encodeURIComponent(text)}`);
      }}
    >
      <input key={params.get('q')} type="search" name="q" defaultValue={params.get('q') ?? ''} aria-label={t('search.label')} placeholder={t('search.label')} />
      <button type="submit">{t('search.do')}</button>
    </form>
  );
}
