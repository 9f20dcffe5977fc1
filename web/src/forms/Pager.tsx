import { useState } from 'react';

import { useTexts } from '../i18n';

interface PageInfo {
  hasNextPage: boolean;
  endCursor: string | null;
}

// usePages walks a list a page at a time: by the cursors by which the pages
// before were left, the first page's is null.
export function usePages() {
  const [way, setWay] = useState<(string | null)[]>([null]);
  return {
    after: way.at(-1) ?? null,
    first: way.length === 1,
    on: (cursor: string) => setWay([...way, cursor]),
    back: () => setWay(way.slice(0, -1)),
    begin: () => setWay([null]),
  };
}

interface Props {
  pages: ReturnType<typeof usePages>;
  info: PageInfo | undefined;
  // A list by name has no newer and older.
  named?: boolean;
}

// Pager leads to the pages before and behind; nothing where there is one page.
export function Pager({ pages, info, named = false }: Props) {
  const { t } = useTexts();
  const onward = info?.hasNextPage === true ? info.endCursor : null;
  if (pages.first && onward === null) return null;
  return (
    <div className="actions">
      {!pages.first && (
        <button type="button" onClick={pages.back}>
          {t(named ? 'forms.pageBefore' : 'forms.newer')}
        </button>
      )}
      {onward !== null && (
        <button type="button" onClick={() => pages.on(onward)}>
          {t(named ? 'forms.pageNext' : 'forms.older')}
        </button>
      )}
    </div>
  );
}
