// Signs in to Salesforce with jsforce as the environment variables say, reads what an integration would, and prints the
// result as JSON. An error is printed too, with the name that the library uses.
import crypto from 'node:crypto';
import jsforce from 'jsforce';
import { signIn as signInWithBrowser } from './person.mjs';

const {
  SF_LOGIN_URL, SF_CLIENT_ID, SF_CLIENT_SECRET, SF_GRANT, SF_USERNAME, SF_PRIVATE_KEY, SF_REFRESH_TOKEN,
  SF_INSTANCE_URL, SF_EMAIL, SF_PERSON,
} = process.env;

const redirectUri = 'http://localhost:1717/OauthRedirect';
const app = {
  loginUrl: SF_LOGIN_URL, clientId: SF_CLIENT_ID, clientSecret: SF_CLIENT_SECRET, redirectUri,
  useVerifier: SF_GRANT === 'authorization_code',
};

function assertion() {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256' })}.${part({
    iss: SF_CLIENT_ID, sub: SF_USERNAME, aud: 'https://login.salesforce.com', exp: Math.floor(Date.now() / 1000) + 180,
  })}`;
  return `${signed}.${crypto.sign('RSA-SHA256', Buffer.from(signed), SF_PRIVATE_KEY).toString('base64url')}`;
}

async function signIn() {
  if (SF_GRANT === 'refresh_token') { // the library refreshes because the session has ended
    return new jsforce.Connection({
      oauth2: app, instanceUrl: SF_INSTANCE_URL, accessToken: '00D!ended', refreshToken: SF_REFRESH_TOKEN,
    });
  }
  const connection = new jsforce.Connection({ oauth2: app });
  switch (SF_GRANT) {
    case 'client_credentials':
      await connection.authorize({ grant_type: SF_GRANT });
      break;
    case 'jwt_bearer':
      await connection.authorize({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertion() });
      break;
    default:
      await connection.authorize((await signInWithBrowser(SF_PERSON,
        connection.oauth2.getAuthorizationUrl({ scope: 'api id refresh_token', prompt: 'login', state: 'a state' }))).code);
  }
  return connection;
}

async function read() {
  const connection = await signIn();
  const described = await connection.describeGlobal();
  const contact = await connection.describe('Contact');
  const users = await connection.query(`SELECT Id, Username, IsActive FROM User WHERE Email = '${SF_EMAIL}'`);
  const organization = await connection.query('SELECT Id, Name FROM Organization LIMIT 1');
  const identity = await connection.identity();
  return {
    username: identity.username, organization: identity.organization_id, name: organization.records[0].Name,
    objects: described.sobjects.map((object) => object.name), fields: contact.fields.length,
    users: users.records.map((user) => user.Username), instance: connection.instanceUrl,
    used: connection.limitInfo.apiUsage.used, limit: connection.limitInfo.apiUsage.limit,
  };
}

let result;
try {
  result = await read();
} catch (error) {
  result = { error: error.errorCode ?? error.name, message: error.message };
}
console.log(JSON.stringify(result));
