// Signs in to Google Workspace with Google's own libraries as the environment variables say, reads a mailbox and a
// calendar, and prints the result as JSON. An error is printed too. For service accounts, the libraries use Google's own
// address of the token endpoint and ignore the one in the key file: requests to that address are sent, unchanged, to the
// stand-in instead.
import { calendar } from '@googleapis/calendar';
import { gmail } from '@googleapis/gmail';
import { CodeChallengeMethod, JWT, OAuth2Client, gaxios } from 'google-auth-library';
import { signIn } from './person.mjs';

const {
  G_KEY_FILE, G_SUBJECT, G_API_URL, G_TOKEN_URL, G_CLIENT_ID, G_CLIENT_SECRET, G_REFRESH_TOKEN,
  G_AUTHORIZE_URL, G_PERSON, G_SCOPES, G_VERIFIER,
} = process.env;

function serviceAccount() {
  const transporter = new gaxios.Gaxios();
  transporter.interceptors.request.add({
    resolved: async (config) => {
      if (String(config.url) === 'https://oauth2.googleapis.com/token') config.url = new URL(G_TOKEN_URL);
      return config;
    },
  });
  const key = JSON.parse(G_KEY_FILE);
  return new JWT({
    email: key.client_email, key: key.private_key, subject: G_SUBJECT, transporter,
    scopes: ['https://www.googleapis.com/auth/gmail.readonly', 'https://www.googleapis.com/auth/calendar.readonly'],
  });
}

async function user() {
  const client = new OAuth2Client({
    clientId: G_CLIENT_ID, clientSecret: G_CLIENT_SECRET, redirectUri: 'http://127.0.0.1:40123/callback',
    endpoints: {
      oauth2AuthBaseUrl: G_AUTHORIZE_URL, oauth2TokenUrl: G_TOKEN_URL, tokenInfoUrl: G_TOKEN_URL.replace('/token', '/tokeninfo'),
      oauth2FederatedSignonPemCertsUrl: `${G_API_URL}/oauth2/v1/certs`,
    },
  });
  client.setCredentials(G_PERSON ? await authorize(client) : { refresh_token: G_REFRESH_TOKEN });
  return client;
}

// authorize gets tokens through a browser. The library verifies the ID token.
async function authorize(client) {
  const { codeVerifier, codeChallenge } = await client.generateCodeVerifierAsync();
  const { code } = await signIn(G_PERSON, client.generateAuthUrl({
    access_type: 'offline', prompt: 'consent', scope: G_SCOPES.split(' '), state: 'a state',
    code_challenge: codeChallenge, code_challenge_method: CodeChallengeMethod.S256,
  }));
  const { tokens } = await client.getToken({ code, codeVerifier: G_VERIFIER ?? codeVerifier });
  const ticket = await client.verifyIdToken({ idToken: tokens.id_token, audience: G_CLIENT_ID });
  if (!tokens.refresh_token) throw new Error('no refresh token');
  return { ...tokens, signedIn: ticket.getPayload().email };
}

async function read() {
  const auth = G_KEY_FILE ? serviceAccount() : await user();
  const options = { version: 'v1', auth, rootUrl: `${G_API_URL}/`, retry: false };
  const mail = gmail(options);
  const profile = await mail.users.getProfile({ userId: 'me' });
  const list = await mail.users.messages.list({ userId: 'me', maxResults: 1 });
  const message = await mail.users.messages.get({ userId: 'me', id: list.data.messages[0].id });
  const calendars = calendar({ ...options, version: 'v3' });
  const events = await calendars.events.list({ calendarId: 'primary', maxResults: 1 });
  const lists = await calendars.calendarList.list({ maxResults: 1 });
  const result = {
    email: profile.data.emailAddress, calendar: lists.data.items[0].id, event: events.data.items[0].summary,
    subject: message.data.payload.headers.find((header) => header.name === 'Subject').value,
  };
  if (G_PERSON) result.signedIn = auth.credentials.signedIn;
  if (!G_KEY_FILE) result.scopes = (await auth.getTokenInfo((await auth.getAccessToken()).token)).scopes.length;
  return result;
}

let result;
try {
  result = await read();
} catch (error) {
  result = { error: String(error.code ?? error.status), message: error.message };
}
console.log(JSON.stringify(result));
