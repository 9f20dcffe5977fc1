import { useQuery } from 'urql';

import { graphql } from '../api/graphql';
import { watchingQuery } from '../api/optimistic';
import { WrongList } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';

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

// Watch is a button to follow a thing: what happens to it comes to the inbox. It
// shows at once what was pressed, and takes it back when the hub refuses.
export function Watch(props: Props) {
  const { standing } = useSession();
  return standing.kind === 'signedIn' ? <Asked {...props} /> : null;
}

function Asked({ id, title }: Props) {
  const { t } = useTexts();
  const [{ data }] = useQuery({ query: watchingQuery, variables: { node: id } });
  const { run, wrong } = useAction(watchMutation);
  if (data === undefined) return null;
  const { watching } = data;
  return (
    <>
      <WrongList wrong={wrong} />
      <button type="button" aria-pressed={watching} onClick={() => void run({ node: id, watching: !watching })}>
        {t(watching ? 'watch.on' : 'watch.off')} <span className="unseen">{title}</span>
      </button>
    </>
  );
}
