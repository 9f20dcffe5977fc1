import { Link } from 'react-router';

import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql';
import { Table } from '../forms/Table';
import { WrongList } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { formatDay } from '../format/when';
import { useTexts } from '../i18n';

export const resolutionFragment = graphql(`
  fragment ResolutionRow on TableResolution {
    id
    number
    kind
    state
    text
    deadline
    overdue
    quiet
    responsible {
      ... on Node {
        id
      }
      name
    }
    table {
      id
      title
    }
  }
`);

const followMutation = graphql(
  `
    mutation TableResolutionFollow($input: TableResolutionFollowInput!) {
      tableResolutionFollow(input: $input) {
        resolution {
          ...ResolutionRow
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [resolutionFragment],
);

type Resolution = ResultOf<typeof resolutionFragment>;

interface Props {
  resolutions: readonly FragmentOf<typeof resolutionFragment>[];
  label: string;
  // Whether the reader may say how things stand.
  follows: boolean;
  // On a page of many tables each says whose it is.
  named?: boolean;
}

// Resolutions is what was promised: by whom, until when, and how it stands.
export function Resolutions({ resolutions: given, label, follows, named = false }: Props) {
  const { t } = useTexts();
  const resolutions = readFragment(resolutionFragment, given);
  return (
    <Table label={label} columns={[t('promised.what'), t('promised.who'), t('promised.until'), t('promised.state')]}>
      {resolutions.map((resolution) => (
        <Row key={resolution.id} resolution={resolution} follows={follows} named={named} />
      ))}
    </Table>
  );
}

function Row({ resolution, follows, named }: { resolution: Resolution; follows: boolean; named: boolean }) {
  const { t, language } = useTexts();
  const { text, kind, state, deadline, overdue, quiet, responsible, table } = resolution;
  return (
    <tr>
      <th scope="row">
        {text}
        <br />
        <span className="small soft">
          {t(`resolutionKind.${kind}`)}
          {named && table !== null && (
            <>
              {' · '}
              <Link to={`/tables/${table.id}`}>{table.title}</Link>
            </>
          )}
        </span>
      </th>
      <td>{responsible?.name}</td>
      <td>{deadline !== null && formatDay(deadline, language)}</td>
      <td>
        <span className={`badge ${state === 'DONE' ? 'badge-good' : overdue ? 'badge-wrong' : 'badge-plain'}`}>
          {overdue ? t('promised.late') : t(`resolutionState.${state}`)}
        </span>{' '}
        {quiet && <span className="badge badge-thread">{t('promised.quiet')}</span>}
        {follows && state !== 'NOT_ADOPTED' && <Follow resolution={resolution} />}
      </td>
    </tr>
  );
}

const states = ['OPEN', 'IN_PROGRESS', 'DONE', 'DROPPED'] as const;

// Follow says how it stands; what was chosen shows at once, and is taken back when
// the hub refuses it.
function Follow({ resolution: { id, text, state } }: { resolution: Resolution }) {
  const { t } = useTexts();
  const { run, wrong } = useAction(followMutation);
  return (
    <>
      <select
        className="select-bare"
        aria-label={t('promised.change', { text })}
        value={state}
        onChange={(event) => {
          const next = states.find((one) => one === event.target.value);
          if (next !== undefined) void run({ id, state: next });
        }}
      >
        {states.map((one) => (
          <option key={one} value={one}>
            {t(`resolutionState.${one}`)}
          </option>
        ))}
      </select>
      <WrongList wrong={wrong} />
    </>
  );
}
