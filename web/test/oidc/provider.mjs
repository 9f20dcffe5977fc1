// An OpenID Connect provider on loopback, for tests: everybody signs in there
// under any name, with any password. It prints its address as one line of JSON
// and ends with its standard input, so that it never outlives a test.
//
// People are given as JSON: {"anna": {"name": "Anna", "email": "anna@example.org",
// "email_verified": true}}. Who is not named has no claims but the subject.
import { createServer } from 'node:http';
import process from 'node:process';

import Provider from 'oidc-provider';

const people = JSON.parse(process.argv[2] ?? '{}');

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'teixit',
        client_secret: 'a secret for tests only',
        // A native client may come back to any port of the loopback address.
        application_type: 'native',
        redirect_uris: ['http://127.0.0.1/auth/oidc/callback'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'locale'] },
    cookies: { keys: ['a key for tests only'] },
    pkce: { required: () => true },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...people[sub] }) }),
  });
  server.on('request', provider.callback());
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
});

process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
