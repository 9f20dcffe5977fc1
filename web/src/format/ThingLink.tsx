import { Link } from 'react-router';

import { readFragment, type FragmentOf } from '../api/graphql';
import { addressOf, thingFragment } from './thing';

// ThingLink leads to the page of a thing, or only names it where it has none.
export function ThingLink({ thing: given }: { thing: FragmentOf<typeof thingFragment> | null }) {
  const thing = readFragment(thingFragment, given);
  if (thing === null || !('title' in thing)) return null;
  const address = addressOf(thing);
  return address === null ? <>{thing.title}</> : <Link to={address}>{thing.title}</Link>;
}
