import { GraphQLWsLink } from '@apollo/client/link/subscriptions';

import { resuming } from './resume.js';

// resumeLink is Apollo's link over a client of graphql-ws; its subscriptions
// resume.
export function resumeLink(client) {
  return new GraphQLWsLink(resuming(client));
}
