import { useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';

// useLinkToken gives the token of a mailed link (#token=…), which stands behind
// the # because nothing behind it is sent to a server or written into its logs.
// It is taken out of the address, so that it does not stay in the browser's
// history; drop forgets it.
export function useLinkToken(): { token: string | null; drop: () => void } {
  const { hash, pathname, search, state } = useLocation();
  const navigate = useNavigate();
  const [token, setToken] = useState(() => tokenOf(hash));
  useEffect(() => {
    const found = tokenOf(hash);
    if (found === null) return;
    setToken(found);
    void navigate(pathname + search, { replace: true, state: state as unknown });
  }, [hash, pathname, search, state, navigate]);
  return { token, drop: () => setToken(null) };
}

export function tokenOf(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') || null;
}
