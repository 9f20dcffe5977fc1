import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useQuery, useSubscription } from 'urql';

import { reasonOf } from '../api/client';
import { graphql, readFragment } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { useLinkToken } from '../app/useLinkToken';
import { about } from '../forms/errors';
import { TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';
import { Board } from './Board';
import { keepHeld, readHeld, type Held } from './held';
import { workshopFragment } from './workshop';

const joinMutation = graphql(`
  mutation WorkshopGroupJoin($input: WorkshopGroupJoinInput!) {
    workshopGroupJoin(input: $input) {
      group {
        id
        name
      }
      token
      errors {
        message
        code
        path
      }
    }
  }
`);

const groupQuery = graphql(
  `
    query WorkshopOfGroup($token: String!) {
      workshopOfGroup(token: $token) {
        id
        ...WorkshopShown
      }
    }
  `,
  [workshopFragment],
);

const boardSubscription = graphql(
  `
    subscription WorkshopOfGroupBoard($token: String!, $after: String) {
      workshopBoard(token: $token, after: $after) {
        number
        cursor
        workshop {
          id
          ...WorkshopShown
        }
      }
    }
  `,
  [workshopFragment],
);

// The page of a group around one tablet: it joins with the code on the wall, or by
// its link. Nobody of it needs an account.
export function Component() {
  const { token, drop } = useLinkToken();
  const [held, setHeld] = useState(readHeld);
  const hold = (group: Held | null) => {
    keepHeld(group);
    setHeld(group);
    drop();
  };
  const now: Held | null = token !== null && token !== held?.token ? { token, group: null, name: '' } : held;
  useEffect(() => {
    if (token !== null) keepHeld(now);
  }, [token]);
  return now === null ? <Join onJoined={hold} /> : <Joined key={now.token} held={now} leave={() => hold(null)} />;
}

function Join({ onJoined }: { onJoined: (held: Held) => void }) {
  const { t } = useTexts();
  const [params] = useSearchParams();
  const { run, busy, wrong } = useAction(joinMutation);
  const join = async (values: Values) => {
    const answer = await run({ code: values.text('code'), name: values.text('name') });
    const { group, token } = answer?.workshopGroupJoin ?? {};
    if (group != null && token != null) onJoined({ token, group: group.id, name: group.name });
  };
  return (
    <Page title={t('workshops.joinTitle')} lead={t('workshops.joinLead')}>
      <Form wrong={wrong} onSubmit={(values) => void join(values)} label={t('workshops.joinTitle')}>
        <TextField
          label={t('workshops.code')}
          name="code"
          className="code-input"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          defaultValue={params.get('code') ?? ''}
          wrong={about('code', wrong)}
        />
        <TextField label={t('workshops.groupName')} hint={t('workshops.groupHint')} name="name" maxLength={60} autoComplete="off" wrong={about('name', wrong)} />
        <Submit busy={busy}>{t('workshops.doJoin')}</Submit>
      </Form>
    </Page>
  );
}

function Joined({ held, leave }: { held: Held; leave: () => void }) {
  const { t } = useTexts();
  const [{ data, error }, ask] = useQuery({ query: groupQuery, variables: { token: held.token } });
  const [{ error: ended }] = useSubscription({ query: boardSubscription, variables: { token: held.token } });
  const again = () => ask({ requestPolicy: 'network-only' });
  const given = data?.workshopOfGroup;
  const workshop = given == null ? null : readFragment(workshopFragment, given);
  return (
    <Page title={workshop?.title ?? t('workshops.one')} kicker={held.name === '' ? t('workshops.one') : t('workshops.youAre', { name: held.name })} lead={workshop?.description}>
      {error !== undefined && data === undefined && <Failed error={error} retry={again} />}
      {error === undefined && data === undefined && <Loading />}
      {ended !== undefined && (
        <p role="alert" className="message message-wrong">
          {reasonOf(ended) || t('failed')}
        </p>
      )}
      {given === null && <p role="alert">{t('workshops.useless')}</p>}
      {workshop !== null && workshop.state === 'CLOSED' && <p className="message">{t('workshops.closedNow')}</p>}
      {workshop !== null && <Board workshop={workshop} pen={{ token: held.token }} group={held.group} organises={false} again={() => {}} />}
      <p className="actions">
        <button type="button" className="button-quiet" onClick={leave}>
          {t('workshops.leave')}
        </button>
      </p>
    </Page>
  );
}
