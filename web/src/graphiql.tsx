// GraphiQL, served by the hub itself: no script, style or font comes from elsewhere.
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './graphiql.css';

import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { getOperationAST, parse } from 'graphql';
import { createRoot } from 'react-dom/client';

import { ask } from './api/ask';
import { endpoint, socketEndpoint } from './api/endpoint';
import { firstEventQuery, following, terrassa, upcoming } from './examples';

// What stands in the headers editor goes along with a query as HTTP headers
// and with a subscription as the connection's parameters.
const send = createGraphiQLFetcher({
  url: endpoint(),
  subscriptionUrl: socketEndpoint(),
  enableIncrementalDelivery: false,
});

// GraphiQL tells a subscription, and the operation's name, by what its worker has
// found out so far; who is quicker than the worker would have a subscription posted,
// or ask for an operation of the tab before, and be refused. So we look.
const fetcher: Fetcher = (params, options) => {
  if (params.operationName === 'IntrospectionQuery') return send(params, options);
  try {
    const documentAST = parse(params.query);
    const operation = getOperationAST(documentAST, params.operationName) ?? getOperationAST(documentAST);
    const operationName = operation?.name?.value ?? params.operationName ?? null;
    return send({ ...params, operationName }, { ...options, documentAST });
  } catch {
    return send(params, options); // not GraphQL: the hub says where
  }
};

// The subscription's tab is ready to run: it names an event that exists. A hub
// that does not answer now still gets its GraphiQL, with a name to fill in.
async function firstEvent(): Promise<string> {
  try {
    const answer = await ask<{ events: { nodes: { id: string }[] } }>(firstEventQuery, 'en', AbortSignal.timeout(3000));
    return answer.events.nodes[0]?.id ?? '';
  } catch {
    return '';
  }
}

function variables(values: object): string {
  return JSON.stringify(values, null, 2);
}

const root = document.getElementById('graphiql');
if (root === null) throw new Error('graphiql.html has no #graphiql');

const id = await firstEvent();
createRoot(root).render(
  <GraphiQL
    fetcher={fetcher}
    defaultTabs={[{ query: terrassa }, { query: upcoming }, { query: following, variables: variables({ id }) }]}
    defaultEditorToolsVisibility="headers"
    defaultHeaders={variables({ 'Accept-Language': 'ca' })}
    shouldPersistHeaders={false}
  />,
);
