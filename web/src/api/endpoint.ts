// Where the hub's GraphQL is: always beside the page, never another server.

export function endpoint(): string {
  return new URL('/graphql', window.location.href).href;
}

export function socketEndpoint(): string {
  return endpoint().replace(/^http/, 'ws');
}
