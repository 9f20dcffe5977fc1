import { Link, useParams } from 'react-router';
import { useQuery } from 'urql';

import { useChanges } from '../api/followed';
import { graphql, readFragment, type ResultOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { Copied, Duplicate } from '../create/Duplicate';
import { pageOf } from '../create/useMade';
import { formatMoment } from '../format/when';
import { useTexts } from '../i18n';
import { Agenda } from './Agenda';
import { CallAnswer, useMine, type Called } from './CallAnswer';
import { DateAndPlace } from './DateAndPlace';
import { FollowTable } from './FollowTable';
import { MinutesText } from './MinutesText';
import { OpenPoll, pollFragment, Polls } from './Polls';
import { Quorum } from './Quorum';
import { sessionFragment, type SessionShown } from './session';
import { Steps } from './Steps';

const sessionQuery = graphql(
  `
    query TableSession($id: ID!) {
      tableSession(id: $id) {
        id
        ...SessionShown
        table {
          id
          title
          viewerCanOrganise {
            allowed
          }
          members {
            id
            organization {
              ... on Node {
                id
              }
              name
            }
          }
          openPolls {
            id
            ...PollShown
          }
        }
        callUrl
        minutesUrl
      }
    }
  `,
  [sessionFragment, pollFragment],
);

const duplicateMutation = graphql(`
  mutation TableSessionDuplicate($input: TableSessionDuplicateInput!) {
    tableSessionDuplicate(input: $input) {
      session {
        id
      }
      errors {
        message
        code
        path
      }
    }
  }
`);

// What may be done is each reader's own, and so in no message that many read.
const changesSubscription = graphql(
  `
    subscription TableSessionChanges($id: ID!, $after: String) {
      tableSessionChanges(id: $id, after: $after) {
        number
        cursor
        kind
        session {
          id
          ...SessionShown
        }
      }
    }
  `,
  [sessionFragment],
);

// A session as it goes: the agenda with what came of each point on one side, who is
// there and the minutes on the other.
export function Component() {
  const { t, language } = useTexts();
  const { id = '' } = useParams();
  const [{ data, error }, ask] = useQuery({ query: sessionQuery, variables: { id }, requestPolicy: 'cache-and-network' });
  const again = () => ask({ requestPolicy: 'network-only' });
  const given = data?.tableSession;
  const session = given == null ? null : readFragment(sessionFragment, given);
  const organises = given?.table?.viewerCanOrganise.allowed === true;
  return (
    <Page
      title={session === null ? t('tableAnswer.session') : session.title}
      kicker={
        given?.table != null && (
          <>
            <Link to={`/tables/${given.table.id}`}>{given.table.title}</Link>
            {session !== null && (
              <>
                {' '}
                <span className={`badge ${session.state === 'IN_SESSION' ? 'badge-thread' : 'badge-plain'}`}>{t(`sessionState.${session.state}`)}</span>
              </>
            )}
          </>
        )
      }
      lead={session !== null && [session.startsAt !== null ? formatMoment(session.startsAt, language) : t('events.unknownDate'), session.place].filter((part) => part !== '').join(' · ')}
    >
      {error !== undefined && data === undefined && <Failed error={error} retry={again} />}
      {error === undefined && data === undefined && <Loading />}
      {given === null && <p>{t('notFound.text')}</p>}
      {given != null && session !== null && (
        <>
          <Follow id={id} onChange={again} />
          <Copied />
          {organises && <Steps session={session} />}
          {organises && session.state === 'PROPOSED' && <DateAndPlace key={id} session={session} />}
          <CallAnswer session={session} members={calledOf(given.table)} />
          <SessionPolls session={session} table={given.table} organises={organises} onChange={again} />
          <div className="halves">
            <Agenda session={session} organises={organises} />
            <div>
              <Quorum session={session} organises={organises} />
              <MinutesText session={session} organises={organises} />
              {(organises || given.callUrl !== null || given.minutesUrl !== null) && (
                <div className="actions">
                  {given.callUrl !== null && (
                    <a className="button" href={given.callUrl}>
                      {t('tables.callPaper')}
                    </a>
                  )}
                  {given.minutesUrl !== null && (
                    <a className="button" href={given.minutesUrl}>
                      {t('tables.minutesPaper')}
                    </a>
                  )}
                  {organises && (
                    <Duplicate
                      document={duplicateMutation}
                      id={id}
                      title={session.title}
                      addressOf={({ tableSessionDuplicate: { session } }) => pageOf('sessions', session)}
                    />
                  )}
                </div>
              )}
            </div>
          </div>
        </>
      )}
    </Page>
  );
}

// What a message selects is in the cache already; polls and papers are not in it.
function Follow({ id, onChange }: { id: string; onChange: () => void }) {
  useChanges(changesSubscription, { id }, onChange);
  return null;
}

type TableShown = NonNullable<NonNullable<ResultOf<typeof sessionQuery>['tableSession']>['table']>;

// calledOf are the members of a table that the reader may see.
function calledOf(table: TableShown | null): Called[] {
  return (table?.members ?? []).flatMap(({ organization }) => (organization?.id === undefined ? [] : [{ id: organization.id, name: organization.name }]));
}

interface PollsProps {
  session: SessionShown;
  table: TableShown | null;
  organises: boolean;
  onChange: () => void;
}

// SessionPolls asks for the date of a session that is not called yet.
function SessionPolls({ session, table, organises, onChange }: PollsProps) {
  const mine = useMine();
  if (session.state !== 'PROPOSED' || table === null) return null;
  const polls = table.openPolls.filter((poll) => readFragment(pollFragment, poll).session?.id === session.id);
  const members = calledOf(table).filter(({ id }) => organises || mine.has(id));
  return (
    <>
      <FollowTable id={table.id} onChange={onChange} />
      <Polls polls={polls} members={members} organises={organises} onChange={onChange} />
      {organises && polls.length === 0 && <OpenPoll session={session.id} onOpen={onChange} />}
    </>
  );
}
