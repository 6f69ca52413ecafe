// Reads a user, the organization and a message of Microsoft 365 with Microsoft's Graph client, then opens the same inbox
// over EWS with ews-javascript-api, as the environment variables say, and prints the result as JSON. An error is printed
// too, with the name that the libraries use.
import { ConfidentialClientApplication, CryptoProvider } from '@azure/msal-node';
import { Client } from '@microsoft/microsoft-graph-client';
import ews from 'ews-javascript-api';
import { signIn } from './person.mjs';

const {
  M_AUTHORITY, M_TENANT, M_CLIENT, M_SECRET, M_REFRESH, M_GRAPH, M_EWS, M_USER, M_PERSON, M_VERIFIER,
} = process.env;
const delegated = M_REFRESH || M_PERSON;

const app = M_PERSON && new ConfidentialClientApplication({
  auth: {
    clientId: M_CLIENT, clientSecret: M_SECRET, authority: `${M_AUTHORITY}/${M_TENANT}`,
    knownAuthorities: [new URL(M_AUTHORITY).host],
  },
});
let account;

// authorize gets an access token through a browser, and further ones for the same account with MSAL's refresh token.
async function authorize(resource) {
  const scopes = [`${resource}/.default`];
  if (account) return (await app.acquireTokenSilent({ account, scopes })).accessToken;
  const redirectUri = 'http://localhost:40123';
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  const { code } = await signIn(M_PERSON, await app.getAuthCodeUrl({
    scopes, redirectUri, codeChallenge: challenge, codeChallengeMethod: 'S256', prompt: 'select_account', state: 'a state',
  }));
  const result = await app.acquireTokenByCode({ code, scopes, redirectUri, codeVerifier: M_VERIFIER ?? verifier });
  account = result.account;
  return result.accessToken;
}

// token requests an access token for an API: for the app itself, for the user of a refresh token, or for a person.
async function token(resource) {
  if (M_PERSON) return authorize(resource);
  const grant = M_REFRESH
    ? { grant_type: 'refresh_token', refresh_token: M_REFRESH, scope: `${resource}/.default offline_access` }
    : { grant_type: 'client_credentials', scope: `${resource}/.default` };
  const response = await fetch(`${M_AUTHORITY}/${M_TENANT}/oauth2/v2.0/token`, {
    method: 'POST', body: new URLSearchParams({ client_id: M_CLIENT, client_secret: M_SECRET, ...grant }),
  });
  const body = await response.json();
  if (!response.ok) throw new Error(`${body.error}: ${body.error_description}`);
  return body.access_token;
}

async function graph() {
  const accessToken = await token('https://graph.microsoft.com');
  const client = Client.init({
    baseUrl: `${M_GRAPH}/`, defaultVersion: 'v1.0', customHosts: new Set([new URL(M_GRAPH).hostname]),
    authProvider: (done) => done(null, accessToken),
  });
  const at = delegated ? '/me' : `/users/${M_USER}`;
  const user = await client.api(at).select('id,displayName,mail').get();
  const inbox = await client.api(`${at}/mailFolders/inbox`).get();
  const messages = await client.api(`${at}/messages`).select('subject').orderby('receivedDateTime desc').top(1).get();
  const found = await client.api('/users').header('ConsistencyLevel', 'eventual').count(true)
    .filter(`proxyAddresses/any(p:p eq 'smtp:${M_USER}')`).select('mail').get();
  const organization = await client.api('/organization').get();
  return {
    user: user.displayName, mail: user.mail, inbox: inbox.displayName, subject: messages.value[0].subject,
    more: Boolean(messages['@odata.nextLink']), found: found.value.map((one) => one.mail),
    organization: organization.value[0].displayName, signedIn: account?.username,
  };
}

async function webServices() {
  const service = new ews.ExchangeService(ews.ExchangeVersion.Exchange2013_SP1);
  service.Url = new ews.Uri(M_EWS);
  service.Credentials = new ews.OAuthCredentials(await token('https://outlook.office365.com'));
  if (!delegated) {
    service.ImpersonatedUserId = new ews.ImpersonatedUserId(ews.ConnectingIdType.SmtpAddress, M_USER);
    service.HttpHeaders.Add('X-AnchorMailbox', M_USER);
  }
  const inbox = await ews.Folder.Bind(service, ews.WellKnownFolderName.Inbox);
  return { opened: inbox.DisplayName, total: inbox.TotalCount };
}

let result;
try {
  result = { ...await graph(), ...await webServices() };
} catch (error) {
  const name = error.code ?? ews.ServiceError[error.ResponseCode] ?? String(error.message ?? error);
  result = { error: name, status: error.statusCode };
}
console.log(JSON.stringify(result));
