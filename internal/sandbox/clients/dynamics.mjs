// Signs in to Microsoft Entra ID with MSAL as the environment variables say, reads Dynamics 365 with dynamics-web-api as an
// integration would, and prints the result as JSON. An error is printed too, with the name that the library uses.
import crypto from 'node:crypto';
import { ConfidentialClientApplication } from '@azure/msal-node';
import { DynamicsWebApi } from 'dynamics-web-api';

const { D_URL, D_AUTHORITY, D_TENANT, D_CLIENT_ID, D_SECRET, D_CERTIFICATE, D_PRIVATE_KEY, D_EMAIL } = process.env;

const proof = D_SECRET ? { clientSecret: D_SECRET } : {
  clientCertificate: {
    thumbprintSha256: new crypto.X509Certificate(D_CERTIFICATE).fingerprint256.replaceAll(':', ''), privateKey: D_PRIVATE_KEY,
  },
};

async function read() {
  const app = new ConfidentialClientApplication({
    auth: {
      clientId: D_CLIENT_ID, authority: `${D_AUTHORITY}/${D_TENANT}`, knownAuthorities: [new URL(D_AUTHORITY).host], ...proof,
    },
  });
  const api = new DynamicsWebApi({
    serverUrl: D_URL, dataApi: { version: '9.2' },
    onTokenRefresh: async () => (await app.acquireTokenByClientCredential({ scopes: [`${D_URL}/.default`] })).accessToken,
  });
  const who = await api.callFunction('WhoAmI');
  const found = await api.retrieveMultiple({
    collection: 'systemusers', select: ['fullname', 'azureactivedirectoryobjectid'],
    filter: `internalemailaddress eq '${D_EMAIL}' and isdisabled eq false`,
  });
  const user = found.value[0];
  const other = user && await api.callFunction({ name: 'WhoAmI', impersonateAAD: user.azureactivedirectoryobjectid });
  const tables = await api.retrieveEntities({ select: ['LogicalName'] });
  return {
    user: who.UserId, organization: who.OrganizationId, found: found.value.map((u) => u.fullname), actedAs: other?.UserId,
    tables: tables.value.map((t) => t.LogicalName),
  };
}

let result;
try {
  result = await read();
} catch (error) {
  result = { error: error.code ?? error.errorCode, number: error.errorNo, status: error.status, message: error.message };
}
console.log(JSON.stringify(result));
