// How answers are kept: by identifier, and what has none inside its parent.
import { cacheExchange } from '@urql/exchange-graphcache';

import { embedded, possibleTypes } from './generated/contract';
import { optimistic, updates } from './optimistic';

const inside = (): null => null;

// A cache belongs to one client, and so to one reader in one language: it is
// thrown away when either changes, and nothing of it is kept on the machine.
export function cache() {
  return cacheExchange({
    keys: Object.fromEntries(embedded.map((type) => [type, inside])),
    possibleTypes,
    optimistic,
    updates,
  });
}
