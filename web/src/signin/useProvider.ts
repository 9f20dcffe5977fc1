import { useEffect, useState } from 'react';

import { provider } from '../api/auth';
import { useTexts } from '../i18n';

// useProvider gives the name of the provider one can sign in with; null while
// it is not known and where there is none.
export function useProvider(): string | null {
  const { language } = useTexts();
  const [name, setName] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    provider(language).then(
      (found) => wanted && setName(found),
      () => {}, // there is still the code
    );
    return () => void (wanted = false);
  }, [language]);
  return name;
}
