import { useEffect, useRef, type ReactNode } from 'react';
import { useLocation } from 'react-router';

import { useTexts } from '../i18n';
import { Ended } from './Ended';

// Page is what every page of the client stands in: it gives the window its
// title and, after moving here from another page, takes the focus to the heading
// as a browser does for a page that was loaded.
export function Page({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTexts();
  const heading = useRef<HTMLHeadingElement>(null);
  const { key } = useLocation();
  useEffect(() => {
    document.title = `${title} · ${t('name')}`;
  }, [title, t]);
  useEffect(() => {
    if (key !== 'default') heading.current?.focus(); // default: the first page, loaded by the browser
  }, [key]);
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <Ended />
      {children}
    </>
  );
}
