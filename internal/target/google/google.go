// Package google is the target system Google Workspace: it calls the Gmail, Calendar, People and Directory APIs, and signs in
// with OAuth 2.0, as a service account with domain-wide delegation or with a user's refresh token.
//
// The service account signs an assertion for each user that it acts as, with only the read scope that a test needs; Google
// returns a token for that user. A sign-in acts as the administrator of the connection, and Gmail returns the owner of the
// mailbox that the token opens. The few reads are plain HTTP calls: Google's typed clients would add many dependencies, and
// hide the responses whose limits and errors are checked here.
//
// Documentation: assertions and the errors of tokens at
// https://developers.google.com/identity/protocols/oauth2/service-account, delegation at
// https://support.google.com/a/answer/162106, and the errors of the APIs at
// https://developers.google.com/workspace/gmail/api/guides/handle-errors,
// https://developers.google.com/workspace/calendar/api/guides/errors and
// https://developers.google.com/workspace/admin/directory/reference/rest/v1/users/get. Undocumented errors are known from
// GAM (https://github.com/GAM-team/GAM), which lists them.
package google

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// The fields.
const (
	adminEmail        = "admin_email"
	tokenURL          = "token_url"
	authorizeURL      = "authorize_url"
	apiURL            = "api_url"
	serviceAccountKey = "service_account_key"
	clientID          = "client_id"
	clientSecret      = "client_secret"
	refreshToken      = "refresh_token"
)

// delegation is the name of the grant with the service account's key.
const delegation = "service_account"

// The scopes, each the smallest for what is read. Exactly these must be delegated: Google does not accept a wider delegated scope
// in their place.
const (
	mailScope      = "https://www.googleapis.com/auth/gmail.readonly"
	calendarScope  = "https://www.googleapis.com/auth/calendar.readonly"
	contactsScope  = "https://www.googleapis.com/auth/contacts.readonly"
	directoryScope = "https://www.googleapis.com/auth/admin.directory.user.readonly"
)

// System declares Google Workspace.
func System() *target.System {
	return &target.System{
		Name:  "google",
		Title: "Google Workspace",
		Kind:  target.Email,
		Description: "Google Workspace, over OAuth 2.0 and the Gmail, Calendar, People and Directory APIs. A service account with " +
			"domain-wide delegation of the scopes `gmail.readonly`, `calendar.readonly`, `contacts.readonly` and " +
			"`admin.directory.user.readonly` acts as each user; a refresh token acts for its own user only.",
		Fields: fields(),
		Grants: []target.Grant{
			{Name: delegation, Secrets: []string{serviceAccountKey}, CheckCredentials: checkTokenURL},
			{Name: "refresh_token", Secrets: []string{clientSecret, refreshToken}, Settings: []string{clientID}},
		},
		Tests:       []target.Test{target.General, target.Impersonation, target.Calendar, target.Contacts, target.Mail},
		Revalidates: true,
		UserTest:    target.Impersonation,
		Help:        help(),
		Expected: func(a target.Account) target.Expected {
			return target.Expected{Username: a.Setting(adminEmail)}
		},
		SignIn:    signIn,
		Authorize: authorize(),
	}
}

// fields has no setting for the organization: an address belongs to one customer of Google.
func fields() []target.Field {
	return []target.Field{
		{
			Name: adminEmail, Type: target.EmailAddress, Required: true, Binds: true,
			Fixes: []target.Code{target.WrongIdentity},
			Help: "Primary address (no alias) of the administrator as whom the directory is read; any other user is rejected. " +
				"It needs a mailbox, and an admin role that may read users.",
		},
		{
			Name: serviceAccountKey, Type: target.JSON, Secret: true, CheckValue: checkKey,
			Fixes: []target.Code{target.GivenCredentials},
			Help: "Key of the service account: the JSON file of Google Cloud console → IAM & Admin → Service Accounts → the " +
				"account → Keys. Its private key signs and is never sent, and its `token_uri` is ignored.",
		},
		{
			Name: clientID, Type: target.String, Binds: true,
			Help: "Client ID of the OAuth client that `refresh_token` is for (Google Auth Platform → Clients). Not used with " +
				"`service_account_key`.",
		},
		{
			Name: clientSecret, Type: target.String, Secret: true, Fixes: []target.Code{target.GivenCredentials},
			Help: "Client secret of the OAuth client.",
		},
		{
			Name: refreshToken, Type: target.String, Secret: true, Fixes: []target.Code{target.GivenCredentials},
			Help: "Refresh token that `admin_email` obtained for the OAuth client, with the scopes that the tests need. It acts " +
				"for that account only: tests as other users require `service_account_key`.",
		},
		{
			Name: tokenURL, Type: target.URL, Default: audience, Binds: true,
			Fixes: []target.Code{target.SystemNotAvailable, target.Misconfigured},
			Help:  "Token endpoint. Set it only to a private endpoint of Google, because what it receives is valid at Google.",
		},
		{
			Name: authorizeURL, Type: target.URL, Default: authorization,
			Help: "Address of Google's sign-in page for `admin_email`, when a person signs in to authorize the connection. Set it " +
				"only to a private endpoint of Google.",
		},
		{
			Name: apiURL, Type: target.URL, Binds: true,
			Help: "Base address of all APIs, such as a private endpoint that routes `/gmail/`, `/calendar/`, " +
				"`/v1/people/` and `/admin/directory/` to Google. Without it, each API is called at Google's own host.",
		},
		target.CACertificateField("for a network whose proxy signs with an authority of its own"),
	}
}
