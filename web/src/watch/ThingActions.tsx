import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { useTexts } from '../i18n';
import { Watch } from './Watch';

interface Props {
  id: string;
  title: string;
  // What may be done with things of its kind only.
  children?: ReactNode;
}

// ThingActions is what may be done with a thing of any kind: see what it is linked
// with, and follow it.
export function ThingActions({ id, title, children }: Props) {
  const { t } = useTexts();
  return (
    <div className="actions">
      <Link className="button" to={`/network/${id}`}>
        {t('network.see')}
      </Link>
      <Watch id={id} title={title} />
      {children}
    </div>
  );
}
