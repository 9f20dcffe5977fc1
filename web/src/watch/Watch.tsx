import { useEffect, useRef } from 'react';
import { Link, useLocation } from 'react-router';
import { useQuery } from 'urql';

import { graphql } from '../api/graphql';
import { watchingQuery } from '../api/optimistic';
import { WrongList } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import { keepIntent, takeIntent } from './intent';

const watchMutation = graphql(`
  mutation WatchSet($input: WatchSetInput!) {
    watchSet(input: $input) {
      watching
      errors {
        message
        code
        path
      }
    }
  }
`);

interface Props {
  id: string;
  title: string;
}

// Watch is the button to follow a thing, or to stop: what happens to it comes to
// the inbox. It shows at once what was pressed, and takes it back when the hub
// refuses. Who has not signed in does so first, and finds the thing followed.
export function Watch(props: Props) {
  const { standing } = useSession();
  if (standing.kind === 'unknown') return null;
  return standing.kind === 'signedIn' ? <Asked {...props} /> : <SignInFirst {...props} />;
}

function SignInFirst({ id, title }: Props) {
  const { t } = useTexts();
  const { pathname } = useLocation();
  return (
    <Link className="button" to={`/sign-in?next=${encodeURIComponent(pathname)}`} onClick={() => keepIntent(id)}>
      {t('watch.off')} <span className="unseen">{title}</span>
    </Link>
  );
}

function Asked({ id, title }: Props) {
  const { t } = useTexts();
  const [{ data }] = useQuery({ query: watchingQuery, variables: { node: id } });
  const { run, wrong } = useAction(watchMutation);
  const watching = data?.watching;
  const follow = useRef(run);
  follow.current = run;
  useEffect(() => {
    if (watching === undefined) return;
    const wanted = takeIntent(id);
    if (wanted && !watching) void follow.current({ node: id, watching: true });
  }, [id, watching]);
  if (watching === undefined) return null;
  return (
    <>
      <WrongList wrong={wrong} />
      <span role="status" className={watching ? 'badge badge-good watch' : 'unseen'}>
        {watching && t('watch.on')}
      </span>
      <button type="button" onClick={() => void run({ node: id, watching: !watching })}>
        {t(watching ? 'watch.stop' : 'watch.off')} <span className="unseen">{title}</span>
      </button>
    </>
  );
}
