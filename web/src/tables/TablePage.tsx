import { Link, useParams } from 'react-router';
import { useQuery } from 'urql';

import { graphql, readFragment, type ResultOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { Facts } from '../design/Facts';
import { ThingLink } from '../format/ThingLink';
import { thingFragment } from '../format/thing';
import { formatMoment } from '../format/when';
import { useTexts } from '../i18n';
import { Comments } from '../comments/Comments';
import { ThingActions } from '../watch/ThingActions';
import { useMine } from './CallAnswer';
import { FollowTable } from './FollowTable';
import { Joining, joiningFragment } from './Joining';
import { Members, membersFragment } from './Members';
import { Officers, officersFragment } from './Officers';
import { pollFragment, Polls } from './Polls';
import { Resolutions, resolutionFragment } from './Resolutions';

const tableQuery = graphql(
  `
    query WorkingTable($id: ID!) {
      workingTable(id: $id) {
        id
        title
        kind
        state
        description
        rules {
          quorumFirst
          quorumSecond
          majority
          periodicity
          noticeDays
        }
        convenor {
          id
          ...Thing
        }
        territories {
          ...Thing
        }
        about {
          id
          title
        }
        partOf {
          ...Thing
        }
        subTables(first: 20) {
          ...Thing
        }
        proposedFrom {
          ...Thing
        }
        ...TableMembers
        ...TableJoining
        ...TableOfficers
        openPolls {
          id
          ...PollShown
        }
        sessions(first: 20) {
          nodes {
            id
            number
            title
            state
            startsAt
            place
          }
        }
        viewerCanOrganise {
          allowed
        }
        viewerCanTakePart {
          allowed
        }
      }
      tableResolutions(first: 30, filter: { table: $id }) {
        nodes {
          id
          ...ResolutionRow
        }
      }
    }
  `,
  [thingFragment, resolutionFragment, membersFragment, joiningFragment, officersFragment, pollFragment],
);

type Shown = NonNullable<ResultOf<typeof tableQuery>['workingTable']>;

export function Component() {
  const { t } = useTexts();
  const { id = '' } = useParams();
  const [{ data, error }, ask] = useQuery({ query: tableQuery, variables: { id }, requestPolicy: 'cache-and-network' });
  const again = () => ask({ requestPolicy: 'network-only' });
  const table = data?.workingTable;
  return (
    <Page
      title={table?.title ?? t('tables.one')}
      kicker={
        <>
          <Link to="/tables">{t('tablesCount')}</Link>
          {table != null && ` · ${t(`tableKind.${table.kind}`)}`}
        </>
      }
      lead={table?.description}
    >
      {error !== undefined && data === undefined && <Failed error={error} retry={again} />}
      {error === undefined && data === undefined && <Loading />}
      {table === null && <p>{t('notFound.text')}</p>}
      {table != null && data !== undefined && (
        <>
          <FollowTable id={id} onChange={again} />
          <div className="beside">
            <aside aria-label={t('places.about')}>
              <About table={table} />
            </aside>
            <div>
              <Sessions table={table} />
              <TablePolls table={table} onChange={again} />
              {data.tableResolutions.nodes.length > 0 && (
                <>
                  <h2>{t('promised.title')}</h2>
                  <Resolutions resolutions={data.tableResolutions.nodes} label={t('promised.title')} follows={table.viewerCanTakePart.allowed} />
                </>
              )}
              <Members table={readFragment(membersFragment, table)} organises={table.viewerCanOrganise.allowed} onChange={again} />
              <Joining table={readFragment(joiningFragment, table)} members={memberIds(table)} onChange={again} />
              <Officers table={readFragment(officersFragment, table)} organises={table.viewerCanOrganise.allowed} convenor={table.convenor?.id ?? null} />
              <Comments of={id} />
            </div>
          </div>
        </>
      )}
    </Page>
  );
}

function memberIds(table: Shown): ReadonlySet<string> {
  return new Set(readFragment(membersFragment, table).members.flatMap(({ organization }) => (organization?.id === undefined ? [] : [organization.id])));
}

function About({ table }: { table: Shown }) {
  const { t } = useTexts();
  const { id, state, rules, convenor, territories, about, partOf, proposedFrom, subTables } = table;
  const links = (things: Shown['territories'] | Shown['subTables']) =>
    things.length > 0 && (
      <ul className="plain-list">
        {things.map((thing) => (
          <li key={readFragment(thingFragment, thing).id}>
            <ThingLink thing={thing} />
          </li>
        ))}
      </ul>
    );
  return (
    <section className="standing">
      <Facts
        facts={[
          { name: t('tables.state'), value: t(`tableState.${state}`) },
          { name: t('tables.convenor'), value: convenor !== null && <ThingLink thing={convenor} acting /> },
          { name: t('directory.actsIn'), value: links(territories) },
          { name: t('filters.about'), value: about.map(({ title }) => title).join(', ') },
          { name: t('tables.quorum'), value: t('tables.quorumRule', { first: t(`quorumShare.${rules.quorumFirst}`), second: t(`quorumShare.${rules.quorumSecond}`) }) },
          { name: t('tables.majority'), value: t(`majority.${rules.majority}`) },
          { name: t('tables.partOf'), value: partOf !== null && <ThingLink thing={partOf} /> },
          { name: t('tables.subTables'), value: links(subTables) },
          { name: t('events.derivedFrom'), value: proposedFrom !== null && <ThingLink thing={proposedFrom} /> },
        ]}
      />
      <ThingActions id={id} title={table.title} />
    </section>
  );
}

function Sessions({ table }: { table: Shown }) {
  const { t, language } = useTexts();
  return (
    <>
      <h2>{t('tables.sessions')}</h2>
      {table.viewerCanOrganise.allowed && (
        <p className="actions actions-above">
          <Link className="button" to={`/tables/${table.id}/sessions/new`}>
            {t('create.session')}
          </Link>
        </p>
      )}
      {table.sessions.nodes.length === 0 && <p className="soft">{t('tables.noSessions')}</p>}
      <ol className="rows">
        {table.sessions.nodes.map(({ id, number, title, state, startsAt, place }) => (
          <li key={id}>
            <Link to={`/sessions/${id}`}>
              {number}. {title}
            </Link>{' '}
            <span className={`badge ${state === 'IN_SESSION' ? 'badge-thread' : 'badge-plain'}`}>{t(`sessionState.${state}`)}</span>
            <br />
            <span className="small soft">{[startsAt !== null ? formatMoment(startsAt, language) : t('events.unknownDate'), place].filter((part) => part !== '').join(' · ')}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

// TablePolls is for those who may answer for a member, which the page knows of the
// organisations that the reader acts for.
function TablePolls({ table, onChange }: { table: Shown; onChange: () => void }) {
  const mine = useMine();
  const organises = table.viewerCanOrganise.allowed;
  const members = readFragment(membersFragment, table).members.flatMap(({ organization }) =>
    organization?.id === undefined || !(organises || mine.has(organization.id)) ? [] : [{ id: organization.id, name: organization.name }],
  );
  return <Polls polls={table.openPolls} members={members} organises={organises} onChange={onChange} />;
}
