import { Link } from 'react-router';

import { readFragment, type FragmentOf } from '../api/graphql';
import { addressOf, thingFragment } from './thing';

interface Props {
  thing: FragmentOf<typeof thingFragment> | null;
  // A town that acts is its council: it is called so, and leads to its page.
  acting?: boolean;
}

// ThingLink leads to the page of a thing, or only names it where it has none.
export function ThingLink({ thing: given, acting = false }: Props) {
  const thing = readFragment(thingFragment, given);
  if (thing === null || !('title' in thing)) return null;
  if (acting && thing.__typename === 'Municipality') return <Link to={`/organisations/${thing.id}`}>{thing.name}</Link>;
  const address = addressOf(thing);
  return address === null ? <>{thing.title}</> : <Link to={address}>{thing.title}</Link>;
}
