import { useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';

// useLinkToken gives the token of a mailed link (#token=…), which stands behind
// the # because nothing behind it is sent to a server or written into its logs.
// It is taken out of the address, so that it does not stay in the browser's
// history; drop forgets it. A page whose link is good for more than one visit
// stays with it, so that reading it anew, or signing in from there and coming
// back, does not lose it.
export function useLinkToken({ stays = false } = {}): { token: string | null; drop: () => void } {
  const { hash, pathname, search, state } = useLocation();
  const navigate = useNavigate();
  const [token, setToken] = useState(() => tokenOf(hash) ?? (stays ? keptFor(pathname) : null));
  useEffect(() => {
    const found = tokenOf(hash);
    if (found === null) return;
    setToken(found);
    if (stays) keep(pathname, found);
    void navigate(pathname + search, { replace: true, state: state as unknown });
  }, [hash, pathname, search, state, navigate, stays]);
  return { token, drop: () => setToken(null) };
}

export function tokenOf(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') || null;
}

// Links are kept in this window's own storage, as drafts are: they go with the
// window, and with who signs out.
const prefix = 'teixit.link.';

function keptFor(page: string): string | null {
  return window.sessionStorage.getItem(prefix + page);
}

function keep(page: string, token: string): void {
  try {
    window.sessionStorage.setItem(prefix + page, token);
  } catch {
    // The link works as long as the page stays open.
  }
}

export function forgetLinks(): void {
  for (const key of Object.keys(window.sessionStorage)) {
    if (key.startsWith(prefix)) window.sessionStorage.removeItem(key);
  }
}
