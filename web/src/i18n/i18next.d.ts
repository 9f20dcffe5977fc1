import 'i18next';

import type { ca } from './ca';

// Keys are checked when the client is compiled.
declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof ca };
  }
}
