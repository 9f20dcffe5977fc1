import { useState } from 'react';
import { useSubscription } from 'urql';

import { reasonOf } from '../api/client';
import { graphql, readFragment, type ResultOf } from '../api/graphql';
import { Loading } from '../app/Loading';
import { addressOf, thingFragment, titleOf } from '../format/thing';
import { formatShort } from '../format/when';
import { useTexts } from '../i18n';
import { Link } from 'react-router';

const feedSubscription = graphql(
  `
    subscription Feed($id: ID!, $after: String) {
      feedChanges(of: { node: $id }, first: 10, after: $after) {
        cursor
        state
        items {
          cursor
          text
          at
          node {
            ...Thing
          }
        }
      }
    }
  `,
  [thingFragment],
);

type Items = ResultOf<typeof feedSubscription>['feedChanges']['items'];

// How many stay on the page.
const kept = 12;

// Feed is what has happened around a thing, the newest first, as it happens.
export function Feed({ id }: { id: string }) {
  const { t, language } = useTexts();
  const [items, setItems] = useState<Items | null>(null);
  const [{ error }] = useSubscription({ query: feedSubscription, variables: { id } }, (_, data) => {
    const { state, items } = data.feedChanges;
    const come = items.toReversed(); // the hub tells in the order of what happened
    setItems((before) => (state || before === null ? come : [...come, ...before]).slice(0, kept));
    return data;
  });
  return (
    <section aria-labelledby="feed">
      <h2 id="feed">{t('feed.title')}</h2>
      {error !== undefined && <p className="soft small">{reasonOf(error) || t('failed')}</p>}
      {items === null && error === undefined && <Loading />}
      {items !== null && items.length === 0 && <p className="soft">{t('feed.none')}</p>}
      {items !== null && items.length > 0 && (
        <ol className="feed">
          {items.map(({ cursor, text, at, node }) => {
            const thing = readFragment(thingFragment, node);
            const address = thing === null ? null : addressOf(thing);
            const title = titleOf(node);
            return (
              <li key={cursor}>
                <time className="small soft" dateTime={at}>
                  {formatShort(at, language)}
                </time>
                <br />
                {title !== null && (address === null ? title : <Link to={address}>{title}</Link>)}
                {title !== null && ': '}
                {text}
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}
