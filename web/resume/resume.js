// Subscriptions that go on where they were.
//
// Clients of graphql-ws and graphql-sse come back by themselves when their
// connection breaks, and send the variables they began with: an `after` that is
// old by then, or none. What is here puts the cursor of the last message there
// instead, so that the hub sends what was missed, once each, and no state again.

// resuming wraps a client of graphql-ws or graphql-sse: the same, but its
// subscriptions resume. An operation can when the field it subscribes to has an
// argument `after` with a variable and its messages have a `cursor`; any other
// is passed on as it is.
export function resuming(client) {
  const wrapped = Object.create(client);
  wrapped.subscribe = (request, sink, ...rest) => subscribe(client, request, sink, rest);
  wrapped.iterate = (request, ...rest) => iterate(wrapped, request, rest);
  return wrapped;
}

function subscribe(client, request, sink, rest) {
  const name = positionVariable(request.query);
  if (name === null) return client.subscribe(request, sink, ...rest);

  // The client reads this object again whenever it connects again.
  const own = { ...request, variables: { ...request.variables } };
  let over = false;
  let stop = () => {};
  const begin = () => {
    let begunAnew = false;
    stop = client.subscribe(
      own,
      {
        next(result) {
          if (isStale(result.errors) && forget()) return;
          const cursor = cursorOf(result.data);
          if (cursor !== undefined) own.variables[name] = cursor;
          sink.next(result);
        },
        error(problem) {
          if (!(isStale(problem) && forget())) sink.error(problem);
          else if (!over) begin();
        },
        complete() {
          if (begunAnew && !over) begin();
          else sink.complete();
        },
      },
      ...rest,
    );
    // What was missed is no longer there: the state comes first again.
    function forget() {
      if (own.variables[name] == null) return false;
      own.variables[name] = null;
      begunAnew = true;
      return true;
    }
  };
  begin();
  return () => {
    over = true;
    stop();
  };
}

// iterate is what the clients' own does, over a subscription that resumes.
function iterate(client, request, rest) {
  const waiting = [];
  let ended = false;
  let failure;
  let wake = () => {};
  const stop = client.subscribe(
    request,
    {
      next: (result) => (waiting.push(result), wake()),
      error: (problem) => ((failure = { problem }), (ended = true), wake()),
      complete: () => ((ended = true), wake()),
    },
    ...rest,
  );
  return (async function* () {
    try {
      for (;;) {
        while (waiting.length > 0) yield waiting.shift();
        if (failure !== undefined) throw failure.problem;
        if (ended) return;
        await new Promise((resolve) => (wake = resolve));
      }
    } finally {
      stop();
    }
  })();
}

const rootField = /\bsubscription\b[^{]*\{\s*(?:\w+\s*:\s*)?\w+\s*\(([^)]*)\)/;

// positionVariable is the name of the variable that says where to go on, null
// when the operation has none.
export function positionVariable(query) {
  const args = rootField.exec(typeof query === 'string' ? query : '')?.[1] ?? '';
  return /(?:^|[\s,])after\s*:\s*\$(\w+)/.exec(args)?.[1] ?? null;
}

// cursorOf is the cursor of a message, undefined when it has none.
export function cursorOf(data) {
  const [message] = Object.values(data ?? {});
  return typeof message?.cursor === 'string' ? message.cursor : undefined;
}

// isStale tells whether errors say that a cursor is too old to go on from.
export function isStale(errors) {
  return Array.isArray(errors) && errors.some((error) => error?.extensions?.code === 'STALE_CURSOR');
}

// newer makes a filter for messages of one stream of facts, for those who cannot
// have their variables changed: what one has already is not new. A state, whose
// kind is null, is where counting begins again.
export function newer() {
  let last = -Infinity;
  return (message) => {
    if (message.kind !== null && message.number <= last) return false;
    last = message.number;
    return true;
  };
}

const longest = 30_000;

// pace says when to come back: as the hub asked when it stopped, else a little
// later each time and never all at once. Its two parts are options of
// graphql-ws: createClient({ ...options, retryWait: p.retryWait, on: { closed: p.closed } }).
// graphql-sse takes the first as its option `retry`.
export function pace() {
  let asked = null;
  return {
    closed(event) {
      asked = event?.code === 1012 ? retryAfter(event.reason) : null;
    },
    async retryWait(retries) {
      const wait = asked ?? (0.5 + Math.random()) * Math.min(1000 * 2 ** retries, longest);
      asked = null;
      await new Promise((resolve) => setTimeout(resolve, wait));
    },
  };
}

// retryAfter reads the reason of a close frame of 1012, null when it says nothing.
export function retryAfter(reason) {
  try {
    const { retryAfterMs } = JSON.parse(reason);
    return retryAfterMs >= 0 ? Math.min(retryAfterMs, longest) : null;
  } catch {
    return null;
  }
}
