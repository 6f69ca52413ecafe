// Signs with oauth-1.0a as the environment variables say, reads with fetch what an integration would, and prints the
// result as JSON. An error is printed too, with NetSuite's own code.
import crypto from 'node:crypto';
import OAuth from 'oauth-1.0a';

const {
  NS_URL, NS_ACCOUNT, NS_CONSUMER_KEY, NS_CONSUMER_SECRET, NS_TOKEN_ID, NS_TOKEN_SECRET, NS_EMAIL, NS_METHOD,
} = process.env;

const oauth = new OAuth({
  consumer: { key: NS_CONSUMER_KEY, secret: NS_CONSUMER_SECRET },
  realm: NS_ACCOUNT,
  signature_method: NS_METHOD,
  hash_function: (base, key) => crypto.createHmac(NS_METHOD.split('-')[1].toLowerCase(), key).update(base).digest('base64'),
});

async function call(path, method = 'GET', body) {
  const url = NS_URL + path;
  const signed = oauth.authorize({ url, method }, { key: NS_TOKEN_ID, secret: NS_TOKEN_SECRET });
  const response = await fetch(url, {
    method, body, headers: { ...oauth.toHeader(signed), 'Content-Type': 'application/json', Prefer: 'transient' },
  });
  const content = await response.json();
  if (!response.ok) {
    throw new Error(content.error?.code ?? content['o:errorDetails'][0]['o:errorCode']);
  }
  return content;
}

let result;
try {
  const token = await call('/rest/tokeninfo');
  const contacts = await call('/services/rest/record/v1/contact?limit=1');
  const contact = await call(`/services/rest/record/v1/contact/${contacts.items[0].id}`);
  const query = `SELECT id, entityid FROM employee WHERE email = '${NS_EMAIL}'`;
  const employees = await call('/services/rest/query/v1/suiteql?limit=5&offset=0', 'POST', JSON.stringify({ q: query }));
  result = {
    company: token.companyId, user: token.userName, role: token.roleName, contact: contact.entityId, more: contacts.hasMore,
    employees: employees.items.map((employee) => employee.entityid),
  };
} catch (error) {
  result = { error: error.message };
}
console.log(JSON.stringify(result));
