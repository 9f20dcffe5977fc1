// The live panel's state, as a pure function of the messages received.
import type { Change } from './changes';

// How many lines of the log stay on the page.
const kept = 20;

export interface Live {
  pools: NonNullable<Change['event']>['seatPools'];
  gone: boolean;
  log: Change[]; // newest first; the state itself is one of them
}

export const nothingYet: Live = { pools: [], gone: false, log: [] };

export function receive(live: Live, change: Change): Live {
  return {
    pools: change.event === null ? [] : change.event.seatPools,
    gone: change.event === null,
    log: [change, ...live.log].slice(0, kept),
  };
}
