// The live panel's state, as a pure function of the messages received.
import type { Change } from './changes';

// How many lines of the log stay on the page.
const kept = 20;

export interface Live {
  pools: NonNullable<Change['event']>['seatPools'];
  gone: boolean;
  log: Change[]; // newest first; it begins with the state
}

export const nothingYet: Live = { pools: [], gone: false, log: [] };

// A state begins anew: it comes first, after being away for too long, and with
// other rights, under which other changes are seen and counted.
export function receive(live: Live, change: Change): Live {
  return {
    pools: change.event === null ? [] : change.event.seatPools,
    gone: change.event === null,
    log: change.kind === null ? [change] : [change, ...live.log].slice(0, kept),
  };
}
