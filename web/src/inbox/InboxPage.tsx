import { useState } from 'react';
import { Link } from 'react-router';
import { useSubscription } from 'urql';

import { reasonOf } from '../api/client';
import { graphql, readFragment, type ResultOf } from '../api/graphql';
import { Empty } from '../app/Empty';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { SignedInOnly } from '../app/SignedInOnly';
import { WrongList } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { addressOf, thingFragment, titleOf } from '../format/thing';
import { formatShort } from '../format/when';
import { useTexts } from '../i18n';

const inboxSubscription = graphql(
  `
    subscription Inbox($after: String) {
      inboxChanges(first: 40, after: $after) {
        cursor
        state
        unread
        items {
          cursor
          sort
          read
          item {
            text
            at
            node {
              ...Thing
            }
          }
        }
      }
    }
  `,
  [thingFragment],
);

const readMutation = graphql(`
  mutation InboxMarkRead($input: InboxMarkReadInput!) {
    inboxMarkRead(input: $input) {
      unread
      errors {
        message
        code
        path
      }
    }
  }
`);

type Items = ResultOf<typeof inboxSubscription>['inboxChanges']['items'];

// How many stay on the page.
const kept = 60;

// What concerns the reader, as it comes.
export function Component() {
  const { t } = useTexts();
  return (
    <Page title={t('inbox.title')} lead={t('inbox.lead')}>
      <SignedInOnly>{() => <Inbox />}</SignedInOnly>
    </Page>
  );
}

interface Shown {
  items: Items;
  unread: number;
  // Up to where everything is read when the reader says so.
  cursor: string;
}

function Inbox() {
  const { t } = useTexts();
  const [shown, show] = useState<Shown | null>(null);
  const { run, busy, wrong } = useAction(readMutation);
  const [{ error }] = useSubscription({ query: inboxSubscription }, (_, data) => {
    const { state, items, unread, cursor } = data.inboxChanges;
    const come = items.toReversed(); // the hub tells in the order of what happened
    show((before) => ({ unread, cursor, items: (state || before === null ? come : [...come, ...before.items]).slice(0, kept) }));
    return data;
  });
  // Shown as read at once; what the hub refuses is taken back.
  const readAll = async () => {
    if (shown === null) return;
    show({ ...shown, unread: 0, items: shown.items.map((item) => ({ ...item, read: true })) });
    if ((await run({ upTo: shown.cursor })) === null) show(shown);
  };
  if (error !== undefined) return <p className="message message-wrong">{reasonOf(error) || t('failed')}</p>;
  if (shown === null) return <Loading />;
  if (shown.items.length === 0) return <Empty>{t('inbox.none')}</Empty>;
  return (
    <>
      <WrongList wrong={wrong} />
      <p role="status">{shown.unread === 0 ? t('inbox.allRead') : t('inbox.unread', { number: shown.unread })}</p>
      {shown.unread > 0 && (
        <p className="actions actions-above">
          <button type="button" aria-disabled={busy} onClick={() => void readAll()}>
            {t('inbox.readAll')}
          </button>
        </p>
      )}
      <ol className="rows">
        {shown.items.map((one) => (
          <li key={one.cursor} className={one.read ? undefined : 'unread'}>
            <Item one={one} />
          </li>
        ))}
      </ol>
    </>
  );
}

function Item({ one: { sort, read, item } }: { one: Items[number] }) {
  const { t, language } = useTexts();
  const thing = readFragment(thingFragment, item.node);
  const address = thing === null ? null : addressOf(thing);
  const title = titleOf(item.node);
  return (
    <>
      <span className="small soft">
        <time dateTime={item.at}>{formatShort(item.at, language)}</time> · {t(`inboxSort.${sort}`)}
      </span>{' '}
      {!read && <span className="badge badge-thread">{t('inbox.new')}</span>}
      <br />
      {title !== null && (address === null ? title : <Link to={address}>{title}</Link>)}
      {title !== null && ': '}
      {item.text}
    </>
  );
}
