import { useTranslation } from 'react-i18next';

import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { Table } from '../forms/Table';
import { formatShort } from '../format/when';
import { useTexts } from '../i18n';
import { textOf } from './what';

export const entryFragment = graphql(`
  fragment TrailEntry on AuditEntry {
    at
    kind
    what
    actor {
      id
      name
    }
    onBehalfOf {
      id
      name
    }
    subjects
  }
`);

export function Entries({ entries: given }: { entries: readonly FragmentOf<typeof entryFragment>[] }) {
  const { t, language } = useTexts();
  const entries = readFragment(entryFragment, given);
  return (
    <Table label={t('audit.title')} columns={[t('audit.when'), t('audit.kind'), t('audit.what'), t('audit.who'), t('audit.subjects')]}>
      {entries.map(({ at, kind, what, actor, onBehalfOf, subjects }, place) => (
        <tr key={`${at} ${place}`}>
          <th scope="row">{formatShort(at, language)}</th>
          <td>{t(kind === 'READ' ? 'audit.read' : 'audit.changed')}</td>
          <td>
            <What what={what} />
          </td>
          <td>{who(actor, onBehalfOf, t)}</td>
          <td>{kind === 'READ' ? subjects.length : ''}</td>
        </tr>
      ))}
    </Table>
  );
}

function What({ what }: { what: string }) {
  const { t } = useTexts();
  const { i18n } = useTranslation();
  const text = textOf(what, { has: (path) => i18n.exists(path) });
  return text === null ? <code>{what}</code> : <>{t(text)}</>;
}

// The hub does things by itself too; a person's name may have been erased since.
function who(
  actor: { name: string | null } | null,
  onBehalfOf: { name: string } | null,
  t: ReturnType<typeof useTexts>['t'],
): string {
  const person = actor === null ? t('audit.hub') : (actor.name ?? t('audit.nameless'));
  return onBehalfOf === null ? person : t('audit.onBehalfOf', { person, body: onBehalfOf.name });
}
