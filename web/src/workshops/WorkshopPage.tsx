import { Link, useParams } from 'react-router';
import { useQuery, useSubscription } from 'urql';

import { graphql, readFragment } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { QRCode } from '../checkin/QRCode';
import { Copied, Duplicate } from '../create/Duplicate';
import { pageOf } from '../create/useMade';
import { WrongList } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';
import { Board } from './Board';
import { workshopFragment, type WorkshopShown } from './workshop';

const workshopQuery = graphql(
  `
    query WorkshopAsked($id: ID!) {
      workshop(id: $id) {
        id
        ...WorkshopShown
        joinCode
        viewerCanOrganise {
          allowed
        }
      }
    }
  `,
  [workshopFragment],
);

// That it has changed. What of it may be seen is each reader's own, and asked again.
const boardSubscription = graphql(`
  subscription WorkshopMoved($id: ID!, $after: String) {
    workshopBoard(id: $id, after: $after) {
      number
      cursor
      workshop {
        id
        state
      }
    }
  }
`);

const moveMutation = graphql(`
  mutation WorkshopMove($input: WorkshopMoveInput!) {
    workshopMove(input: $input) {
      workshop {
        id
        state
      }
      errors {
        message
        code
        path
      }
    }
  }
`);

const duplicateMutation = graphql(`
  mutation WorkshopDuplicate($input: WorkshopDuplicateInput!) {
    workshopDuplicate(input: $input) {
      workshop {
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

const revokeMutation = graphql(`
  mutation WorkshopGroupRevoke($input: WorkshopGroupRevokeInput!) {
    workshopGroupRevoke(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

// A workshop for its organisers and for who may see it. Groups have a page of their
// own, by their link.
export function Component() {
  const { t } = useTexts();
  const { id = '' } = useParams();
  const [{ data, error }, ask] = useQuery({ query: workshopQuery, variables: { id }, requestPolicy: 'cache-and-network' });
  const again = () => ask({ requestPolicy: 'network-only' });
  const given = data?.workshop;
  const workshop = given == null ? null : readFragment(workshopFragment, given);
  const organises = given?.viewerCanOrganise.allowed === true;
  return (
    <Page
      title={workshop?.title ?? t('workshops.one')}
      kicker={
        <>
          <Link to="/workshops">{t('workshops.title')}</Link>{' '}
          {workshop !== null && <span className={workshop.state === 'OPEN' ? 'badge badge-good' : 'badge badge-plain'}>{t(`workshopState.${workshop.state}`)}</span>}
        </>
      }
      lead={workshop?.description}
    >
      {error !== undefined && data === undefined && <Failed error={error} retry={again} />}
      {error === undefined && data === undefined && <Loading />}
      {given === null && <p>{t('notFound.text')}</p>}
      {given != null && workshop !== null && (
        <>
          <Follow id={id} onChange={again} />
          <Copied />
          {organises && <Leading workshop={workshop} code={given.joinCode} again={again} />}
          <Board workshop={workshop} pen={organises ? { workshop: id } : null} group={null} organises={organises} again={again} />
        </>
      )}
    </Page>
  );
}

function Follow({ id, onChange }: { id: string; onChange: () => void }) {
  useSubscription({ query: boardSubscription, variables: { id } }, (before: { number: number } | undefined, data) => {
    const { number } = data.workshopBoard;
    if (before !== undefined && before.number !== number) onChange();
    return { number };
  });
  return null;
}

// Leading is what the organisers have besides: the code to join with, the groups, and
// opening and closing.
function Leading({ workshop, code, again }: { workshop: WorkshopShown; code: string | null; again: () => void }) {
  const { t } = useTexts();
  const move = useAction(moveMutation);
  const revoke = useAction(revokeMutation);
  const { id, title, state, groups } = workshop;
  const to = (next: 'OPEN' | 'CLOSED') => void move.run({ id, to: next }).then((done) => done !== null && again());
  return (
    <section className="standing workshop-leading" aria-labelledby="groups">
      <div>
        <h2 id="groups">{t('workshops.groups')}</h2>
        <WrongList wrong={[...move.wrong, ...revoke.wrong]} />
        {state === 'OPEN' && code !== null && (
          <p>
            {t('workshops.join')} <code className="workshop-code">{code}</code>
          </p>
        )}
        {groups.length === 0 && <p className="soft">{t('workshops.noGroups')}</p>}
        <ul className="plain-list">
          {groups.map((group) => (
            <li key={group.id}>
              {group.name}{' '}
              {group.revoked ? (
                <span className="badge badge-plain">{t('workshops.revoked')}</span>
              ) : (
                <button
                  type="button"
                  className="button-quiet"
                  aria-label={t('workshops.revokeWho', { name: group.name })}
                  onClick={() => void revoke.run({ id: group.id }).then((done) => done !== null && again())}
                >
                  {t('workshops.revoke')}
                </button>
              )}
            </li>
          ))}
        </ul>
        <div className="actions">
          {state !== 'OPEN' && (
            <button type="button" className="button-main" aria-disabled={move.busy} onClick={() => to('OPEN')}>
              {t('workshops.open')}
            </button>
          )}
          {state === 'OPEN' && (
            <button type="button" aria-disabled={move.busy} onClick={() => to('CLOSED')}>
              {t('workshops.close')}
            </button>
          )}
          <Duplicate
            document={duplicateMutation}
            id={id}
            title={title}
            addressOf={({ workshopDuplicate: { workshop } }) => pageOf('workshops', workshop)}
          />
        </div>
      </div>
      {state === 'OPEN' && code !== null && <QRCode text={`${location.origin}/workshop?code=${encodeURIComponent(code)}`} label={t('workshops.joinPicture')} />}
    </section>
  );
}
