// An outside issuer: oidc-provider issues tokens to a workload. It prints its address, and runs until its input ends.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
const key = (type, options, more) => ({
  ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), use: 'sig', ...more,
});
const provider = new Provider(issuer, {
  jwks: { keys: [key('rsa', { modulusLength: 2048 }, { kid: 'rsa' }), key('ec', { namedCurve: 'P-256' }, { kid: 'ec' })] },
  clients: ['repo:example/infrastructure:ref:refs/heads/main', 'repo:example/infrastructure:ref:refs/heads/main2'].map((id) => ({
    client_id: id, client_secret: process.env.CLIENT_SECRET, grant_types: ['client_credentials'], redirect_uris: [],
    response_types: [], token_endpoint_auth_method: 'client_secret_post',
  })),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_context, resource) => ({
        scope: 'job', audience: resource, accessTokenFormat: 'jwt', accessTokenTTL: 300,
        jwt: { sign: { alg: process.env.ALGORITHM } },
      }),
    },
  },
  extraTokenClaims: () => ({ repository_id: '1234' }),
});
server.on('request', provider.callback());
process.stdin.on('end', () => process.exit(0)).resume();
console.log(issuer);
