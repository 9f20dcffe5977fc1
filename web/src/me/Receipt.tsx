import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { Done } from '../forms/Done';
import { formatShort } from '../format/when';
import { useTexts } from '../i18n';

export const receiptFragment = graphql(`
  fragment Receipt on ErasureReceipt {
    reference
    at
    cancelledSeats
    namelessSeats
    kept
  }
`);

export type ErasureReceipt = FragmentOf<typeof receiptFragment>;

// Receipt is what remains of an erasure for who asked for it.
export function Receipt({ receipt }: { receipt: ErasureReceipt }) {
  const { t, language } = useTexts();
  const { reference, at, cancelledSeats, namelessSeats, kept } = readFragment(receiptFragment, receipt);
  return (
    <Done focus>
      <h2>{t('receipt.title')}</h2>
      <p>{t('receipt.keep')}</p>
      <dl className="facts">
        <dt>{t('receipt.reference')}</dt>
        <dd>
          <code>{reference}</code>
        </dd>
        <dt>{t('receipt.at')}</dt>
        <dd>{formatShort(at, language)}</dd>
        <dt>{t('receipt.cancelled')}</dt>
        <dd>{cancelledSeats}</dd>
        <dt>{t('receipt.nameless')}</dt>
        <dd>{namelessSeats}</dd>
        <dt>{t('receipt.kept')}</dt>
        <dd>{kept}</dd>
      </dl>
    </Done>
  );
}
