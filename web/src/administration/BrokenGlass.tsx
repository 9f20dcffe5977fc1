import { Link } from 'react-router';

import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql';
import { Table } from '../forms/Table';
import { thingFragment, titleOf } from '../format/thing';
import { formatShort } from '../format/when';
import { useTexts } from '../i18n';

export const glassFragment = graphql(
  `
    fragment BrokenGlass on Glass {
      id
      reason
      at
      until
      node {
        id
        ...Thing
      }
    }
  `,
  [thingFragment],
);

// BrokenGlass lists what the reader looked inside. While it is open there is a
// way to what was done and read there.
export function BrokenGlass({ glasses: given }: { glasses: readonly FragmentOf<typeof glassFragment>[] }) {
  const { t } = useTexts();
  const glasses = readFragment(glassFragment, given);
  return (
    <section aria-labelledby="broken-glass">
      <h2 id="broken-glass">{t('administration.brokenGlass')}</h2>
      {glasses.length === 0 ? (
        <p>{t('administration.noGlass')}</p>
      ) : (
        <Table
          label={t('administration.brokenGlass')}
          columns={[t('administration.thing'), t('administration.reason'), t('administration.at'), t('administration.until')]}
        >
          {glasses.map((glass) => (
            <Row key={glass.id} glass={glass} />
          ))}
        </Table>
      )}
    </section>
  );
}

function Row({ glass: { node, reason, at, until } }: { glass: ResultOf<typeof glassFragment> }) {
  const { t, language } = useTexts();
  const open = new Date(until).getTime() > Date.now();
  const title = titleOf(node) ?? t('administration.unseen');
  return (
    <tr>
      <th scope="row">{open && node !== null ? <Link to={`/audit/${node.id}`}>{title}</Link> : title}</th>
      <td>{reason}</td>
      <td>{formatShort(at, language)}</td>
      <td>{open ? t('administration.openUntil', { when: formatShort(until, language) }) : formatShort(until, language)}</td>
    </tr>
  );
}
