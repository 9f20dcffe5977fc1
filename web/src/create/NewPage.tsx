import type { ReactNode } from 'react';

import { Page } from '../app/Page';
import { useTexts } from '../i18n';
import { ForBodies, type Body } from './Bodies';

interface Props {
  title: string;
  lead?: string;
  // The form, for who answers for some organisation.
  children: (bodies: Body[]) => ReactNode;
}

// NewPage is the frame of the pages on which an organisation begins something.
export function NewPage({ title, lead, children }: Props) {
  const { t } = useTexts();
  return (
    <Page title={title} lead={lead ?? t('create.enough')}>
      <ForBodies>{children}</ForBodies>
    </Page>
  );
}
