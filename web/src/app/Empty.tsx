import type { ReactNode } from 'react';

// Empty stands where there is nothing, and says what could be done about it.
export function Empty({ children }: { children: ReactNode }) {
  return <div className="empty">{children}</div>;
}
