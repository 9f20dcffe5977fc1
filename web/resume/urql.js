import { subscriptionExchange } from '@urql/core';

import { resuming } from './resume.js';

// resumeExchange is urql's exchange for subscriptions over a client of
// graphql-ws or graphql-sse; they resume.
export function resumeExchange(client) {
  const resumes = resuming(client);
  return subscriptionExchange({
    forwardSubscription: (request) => ({
      subscribe: (sink) => ({ unsubscribe: resumes.subscribe({ ...request, query: request.query ?? '' }, sink) }),
    }),
  });
}
