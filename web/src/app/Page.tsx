import { useEffect, useRef, type ReactNode } from 'react';
import { useLocation } from 'react-router';

import { useTexts } from '../i18n';
import { Ended } from './Ended';

interface Props {
  title: string;
  // Where this page stands, above its heading.
  kicker?: ReactNode;
  lead?: ReactNode;
  children: ReactNode;
}

// Page is what every page of the client stands in: it gives the window its
// title and, after moving here from another page, takes the focus to the heading
// as a browser does for a page that was loaded.
export function Page({ title, kicker, lead, children }: Props) {
  const { t } = useTexts();
  const heading = useRef<HTMLHeadingElement>(null);
  const { key } = useLocation();
  const { pathname } = useLocation();
  useEffect(() => {
    document.title = `${title} · ${t('name')}`;
  }, [title, t]);
  const came = useRef(key === 'default'); // default: the first page, loaded by the browser
  useEffect(() => {
    if (!came.current) heading.current?.focus();
    came.current = false;
  }, [pathname]);
  return (
    <>
      {kicker !== undefined && <p className="kicker">{kicker}</p>}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {lead !== undefined && lead !== null && <p className="lead">{lead}</p>}
      <Ended />
      {children}
    </>
  );
}
