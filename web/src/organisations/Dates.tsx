import { formatDay } from '../format/when';
import { useTexts } from '../i18n';

// Dates are the first and last day of something, as far as they are known.
export function Dates({ from, until }: { from: string | null; until: string | null }) {
  const { t, language } = useTexts();
  const first = from === null ? null : formatDay(from, language);
  const last = until === null ? null : formatDay(until, language);
  if (first !== null && last !== null) return <>{t('dates.between', { first, last })}</>;
  if (first !== null) return <>{t('dates.since', { first })}</>;
  return <>{last === null ? t('dates.open') : t('dates.until', { last })}</>;
}
