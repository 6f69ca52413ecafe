// Package google is the target system Google Workspace: access tokens for a service account with domain-wide delegation,
// or for a person's refresh token, and the Gmail, Calendar, People and Directory APIs.
//
// The service account signs an assertion for each user that it acts as, and for no more than the read scope that a test
// needs; Google's answer is a token for that user. A sign-in acts as the administrator whom the connection names, and
// Gmail tells whose mailbox the token opens. The three or four reads are plain calls: Google's typed clients would add
// a large tree of dependencies and hide the answers whose bounds and errors are judged here.
//
// Google documents assertions and the errors of tokens at
// https://developers.google.com/identity/protocols/oauth2/service-account, delegation at
// https://support.google.com/a/answer/162106, and the errors of the APIs at
// https://developers.google.com/workspace/gmail/api/guides/handle-errors,
// https://developers.google.com/workspace/calendar/api/guides/errors and
// https://developers.google.com/workspace/admin/directory/reference/rest/v1/users/get. Errors that are known from public
// clients only are those that GAM (https://github.com/GAM-team/GAM) lists.
package google

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// The fields that the sign-in has to name.
const (
	adminEmail        = "admin_email"
	tokenURL          = "token_url"
	apiURL            = "api_url"
	serviceAccountKey = "service_account_key"
	clientID          = "client_id"
	clientSecret      = "client_secret"
	refreshToken      = "refresh_token"
)

// delegation is the name of the grant with the service account's key.
const delegation = "service_account"

// The scopes, each the least that Google has for what is read. Delegation is of exactly these: Google takes a wider scope
// that is delegated for another one.
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
			"`admin.directory.user.readonly` acts as each user; a refresh token is one person's and acts for nobody else.",
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
		SignIn: signIn,
	}
}

// fields has no setting for the organisation: an address belongs to one customer of Google's.
func fields() []target.Field {
	return []target.Field{
		{
			Name: adminEmail, Type: target.EmailAddress, Required: true, Binds: true,
			Fixes: []target.Code{target.WrongIdentity},
			Help: "Primary address (no alias) of the administrator as whom the service account reads the directory, or whose " +
				"refresh token it is; whoever else signs in is refused. It needs a mailbox, and an admin role that may read users.",
		},
		{
			Name: serviceAccountKey, Type: target.JSON, Secret: true, CheckValue: checkKey,
			Fixes: []target.Code{target.GivenCredentials},
			Help: "Key of the service account: the JSON file of Google Cloud console → IAM & Admin → Service Accounts → the " +
				"account → Keys. Its private key is never sent: it signs. Its `token_uri` is not followed: `token_url` says where.",
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
				"for that account only: tests as other users need `service_account_key`.",
		},
		{
			Name: tokenURL, Type: target.URL, Default: audience, Binds: true,
			Fixes: []target.Code{target.SystemNotAvailable, target.Misconfigured},
			Help: "Token endpoint. Assertions and refresh tokens sent to it are good at Google, wherever it is: give no " +
				"other than a private endpoint to Google.",
		},
		{
			Name: apiURL, Type: target.URL, Binds: true,
			Help: "Address below which all APIs are called, such as a private endpoint that routes `/gmail/`, `/calendar/`, " +
				"`/v1/people/` and `/admin/directory/` to Google. Without it, each API is called at Google's own host.",
		},
		target.CACertificateField("for a network whose proxy signs with an authority of its own"),
	}
}
