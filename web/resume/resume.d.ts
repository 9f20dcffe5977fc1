/** What graphql-ws and graphql-sse have in common, as far as it is needed here. */
export interface Subscribing {
  subscribe(request: never, sink: never, ...rest: never[]): () => void;
}

/**
 * The same client, whose subscriptions go on where they were when it connects
 * again. An operation can when the field it subscribes to has an argument
 * `after` with a variable and its messages select `cursor`; any other is passed
 * on as it is. When what was missed is no longer there (`STALE_CURSOR`), the
 * stream begins with the state again.
 */
export function resuming<C extends Subscribing>(client: C): C;

/** The name of the variable that says where to go on, null when there is none. */
export function positionVariable(query: unknown): string | null;

/** The cursor of a message, undefined when it has none. */
export function cursorOf(data: object | null | undefined): string | undefined;

/** Whether errors say that a cursor is too old to go on from. */
export function isStale(errors: unknown): boolean;

/** A filter for one stream of facts that lets each number through once. */
export function newer(): (message: { number: number; kind?: string | null }) => boolean;

/** When to come back: as the hub asked, else a little later each time. */
export function pace(): {
  closed(event: unknown): void;
  retryWait(retries: number): Promise<void>;
};

/** What the reason of a close frame of 1012 asks for, in milliseconds. */
export function retryAfter(reason: string): number | null;
