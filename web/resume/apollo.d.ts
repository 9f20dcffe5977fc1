import type { ApolloLink } from '@apollo/client';
import type { Client } from 'graphql-ws';

/** Apollo's link over a client of graphql-ws; its subscriptions resume. */
export function resumeLink(client: Client): ApolloLink;
