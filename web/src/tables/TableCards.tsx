import { Link } from 'react-router';

import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { useTexts } from '../i18n';

export const tableCardFragment = graphql(`
  fragment TableCard on WorkingTable {
    id
    title
    kind
    state
    convenor {
      ... on Node {
        id
      }
      name
    }
    territories {
      id
      title
    }
  }
`);

// TableCards is working tables side by side, with who convenes each.
export function TableCards({ tables }: { tables: readonly FragmentOf<typeof tableCardFragment>[] }) {
  const { t } = useTexts();
  return (
    <ul className="cards">
      {readFragment(tableCardFragment, tables).map(({ id, title, kind, state, convenor, territories }) => (
        <li key={id} className="card">
          <h3>
            <Link to={`/tables/${id}`}>{title}</Link>
          </h3>
          <p className="soft small">
            {t(`tableKind.${kind}`)}
            {convenor !== null && ` · ${convenor.name}`}
          </p>
          {territories.length > 0 && <p className="small">{territories.map((one) => one.title).join(', ')}</p>}
          {state !== 'ACTIVE' && (
            <p>
              <span className="badge badge-thread">{t(`tableState.${state}`)}</span>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
