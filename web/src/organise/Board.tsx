import { useSubscription } from 'urql';

import { graphql, type ResultOf } from '../api/graphql';
import { reasonOf } from '../api/client';
import { Loading } from '../app/Loading';
import { formatNumber } from '../format/when';
import { Table } from '../forms/Table';
import { useTexts } from '../i18n';

const boardSubscription = graphql(`
  subscription Board($id: ID!, $after: String) {
    registrationBoard(eventId: $id, after: $after) {
      number
      cursor
      confirmed
      waiting
      pending
      cancelled
      arrived
      byRole {
        role
        confirmed
        waiting
        pending
        cancelled
        arrived
      }
      byTerritory {
        territory {
          ... on Node {
            id
          }
          title
        }
        confirmed
        waiting
        pending
        cancelled
        arrived
      }
    }
  }
`);

type BoardShown = ResultOf<typeof boardSubscription>['registrationBoard'];
type Counts = Pick<BoardShown, 'confirmed' | 'waiting' | 'pending' | 'cancelled' | 'arrived'>;
type Line = { key: string; name: string } & Counts;

const kinds = ['confirmed', 'arrived', 'waiting', 'pending', 'cancelled'] as const;

// Board is who comes, in numbers, as they change.
export function Board({ id }: { id: string }) {
  const { t } = useTexts();
  const [{ data, error }] = useSubscription({ query: boardSubscription, variables: { id } });
  if (error !== undefined) return <p role="alert">{reasonOf(error) || t('failed')}</p>;
  if (data === undefined) return <Loading />;
  const board = data.registrationBoard;
  const roles = board.byRole.map((counts) => ({ ...counts, key: counts.role, name: t(`delegateRole.${counts.role}`) }));
  const places = board.byTerritory.map((counts, at) => ({
    ...counts,
    key: counts.territory?.id ?? `${at}`,
    name: counts.territory?.title ?? t('organise.noTerritory'),
  }));
  return (
    <>
      <Figures counts={board} />
      <Split title={t('organise.byRole')} head={t('organise.role')} lines={roles} />
      <Split title={t('organise.byTerritory')} head={t('organise.territory')} lines={places} />
    </>
  );
}

function Figures({ counts }: { counts: Counts }) {
  const { t, language } = useTexts();
  return (
    <dl className="board-figures">
      {kinds.map((kind) => (
        <div key={kind}>
          <dt>{t(`organise.${kind}`)}</dt>
          <dd className="place" data-figure={kind}>
            {formatNumber(counts[kind], language)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface SplitProps {
  title: string;
  head: string;
  lines: Line[];
}

// Split is the same by something: a picture, and a table that says it all.
function Split({ title, head, lines }: SplitProps) {
  const { t, language } = useTexts();
  if (lines.length === 0) return null;
  const most = Math.max(1, ...lines.map(({ confirmed, waiting }) => confirmed + waiting));
  return (
    <section>
      <h3>{title}</h3>
      <ul className="bar-key" aria-hidden="true">
        {(['arrived', 'confirmed', 'waiting'] as const).map((kind) => (
          <li key={kind}>
            <svg viewBox="0 0 10 10">
              <rect className={`bar-${kind}`} x="1" y="1" width="8" height="8" />
            </svg>{' '}
            {t(`organise.${kind}`)}
          </li>
        ))}
      </ul>
      <div className="bars" aria-hidden="true">
        {lines.slice(0, 12).map((line) => (
          <Bar key={line.key} line={line} most={most} />
        ))}
      </div>
      <Table label={title} columns={[head, ...kinds.map((kind) => t(`organise.${kind}`))]}>
        {lines.map((line) => (
          <tr key={line.key}>
            <th scope="row">{line.name}</th>
            {kinds.map((kind) => (
              <td key={kind} className="times">
                {formatNumber(line[kind], language)}
              </td>
            ))}
          </tr>
        ))}
      </Table>
    </section>
  );
}

function Bar({ line, most }: { line: Line; most: number }) {
  const width = (count: number) => (100 * count) / most;
  const { confirmed, waiting, arrived, name } = line;
  return (
    <>
      <span>{name}</span>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none">
        <rect className="bar-ground" width="100" height="10" />
        <rect className="bar-confirmed" width={width(confirmed)} height="10" />
        <rect className="bar-arrived" width={width(arrived)} height="10" />
        <rect className="bar-waiting" x={width(confirmed)} y="1" width={width(waiting)} height="8" />
      </svg>
    </>
  );
}
