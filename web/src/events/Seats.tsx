import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql';
import { formatNumber } from '../format/when';
import { useTexts } from '../i18n';

export const poolFragment = graphql(`
  fragment SeatNumbers on SeatPool {
    id
    name
    availability
    capacity
    confirmed
    waiting
  }
`);

type SeatPool = ResultOf<typeof poolFragment>;

// Seats shows the pools of an event: numbers where it gives them, else how full.
export function Seats({ pools: given }: { pools: readonly FragmentOf<typeof poolFragment>[] }) {
  const { t } = useTexts();
  const pools = readFragment(poolFragment, given);
  if (pools.length === 0) return <span className="soft">{t('events.noPlaces')}</span>;
  return (
    <ul className="seats">
      {pools.map((pool) => (
        <li key={pool.id}>
          {pools.length > 1 && <span className="pool">{pool.name}</span>}
          <SeatNumbers pool={pool} />
        </li>
      ))}
    </ul>
  );
}

// The bar says nothing that the words beside it do not.
function SeatNumbers({ pool }: { pool: SeatPool }) {
  const { t, language } = useTexts();
  const { confirmed, capacity, waiting } = pool;
  if (confirmed === null || capacity === null) return <>{t(`availability.${pool.availability}`)}</>;
  const number = (value: number) => formatNumber(value, language);
  return (
    <>
      <progress className={confirmed >= capacity ? 'meter meter-full' : 'meter'} value={confirmed} max={Math.max(capacity, 1)} aria-hidden="true" />
      <span className="small">
        {t('seats.counts', { confirmed: number(confirmed), capacity: number(capacity) })}
        {waiting !== null && waiting > 0 && <span className="waiting"> · {t('seats.waiting', { waiting: number(waiting) })}</span>}
      </span>
    </>
  );
}
