import type { FragmentOf } from '../api/graphql';
import type { registrationFragment } from './Registered';
import { useStanding, waiting } from './standing';

// FollowLines follows the lines in which registrations of the reader wait; what
// comes goes into the cache, and so onto the page.
export function FollowLines({ registrations }: { registrations: readonly FragmentOf<typeof registrationFragment>[] }) {
  return waiting(registrations).map((id) => <Line key={id} id={id} />);
}

function Line({ id }: { id: string }) {
  useStanding(id);
  return null;
}
