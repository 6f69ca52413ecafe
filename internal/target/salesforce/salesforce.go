// Package salesforce is the target system Salesforce: OAuth 2.0 grants that need no browser, and the REST API.
//
// A sign-in gets an access token at the login host and asks the organisation's own host, to which the answer points,
// whose token it is. A test is a call of the REST API: Salesforce knows no acting as somebody else there, so tests for a
// user look the user up and read with the rights of the service user.
//
// What Salesforce documents, in its help at https://help.salesforce.com/s/articleView?id=xcloud.<page>.htm: the grants in
// remoteaccess_oauth_jwt_flow (whose answers have neither signature nor time of issue),
// remoteaccess_oauth_client_credentials_flow and remoteaccess_oauth_refresh_token_flow, their errors in
// remoteaccess_oauth_flow_errors, and who is signed in by remoteaccess_using_userinfo_endpoint; the REST API and its errors in
// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm.
package salesforce

import (
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// The fields that the sign-in has to name.
const (
	username       = "username"
	organizationID = "organization_id"
	loginURL       = "login_url"
	clientID       = "client_id"
	privateKey     = "private_key"
	clientSecret   = "client_secret"
	refreshToken   = "refresh_token"
)

// The login hosts that all organisations share: for production and for sandboxes.
const (
	production = "https://login.salesforce.com"
	sandboxes  = "https://test.salesforce.com"
)

// System declares Salesforce.
func System() *target.System {
	return &target.System{
		Name:  "salesforce",
		Title: "Salesforce",
		Kind:  target.CRM,
		Description: "Salesforce, over OAuth 2.0 and the REST API. The service user needs *API Enabled*, *View All Users* and, " +
			"to work for users, *Modify All Data*; the app that it signs in through (an external client app or a connected " +
			"app) needs the OAuth scopes `api` and `id`.",
		Fields: fields(),
		Grants: []target.Grant{
			{Name: "jwt_bearer", Secrets: []string{privateKey}},
			{Name: "client_credentials", Secrets: []string{clientSecret}, CheckSettings: checkMyDomain},
			{Name: "refresh_token", Secrets: []string{refreshToken}, Optional: []string{clientSecret}},
		},
		Tests: []target.Test{
			target.General, target.Impersonation, target.Contacts, target.Calendar, target.Mail, target.Metadata,
		},
		Revalidates: true,
		UserTest:    target.Impersonation,
		Help:        help(),
		Expected: func(a target.Account) target.Expected {
			return target.Expected{
				Username:       a.Setting(username),
				OrganizationID: a.Setting(organizationID), OrganizationField: organizationID,
			}
		},
		SignIn: signIn,
	}
}

// fields binds client_id with the credentials as well: a secret or a token is one app's, and a corrected client_id is
// worth a new attempt after refused ones.
func fields() []target.Field {
	return []target.Field{
		{
			Name: username, Type: target.String, Required: true, Binds: true, Canonical: strings.ToLower,
			Fixes: []target.Code{target.WrongIdentity},
			Help: "User name of the service user, such as `riva-sync@example.com`; whoever else signs in is refused. It looks " +
				"like an email address, but need not be one.",
		},
		{
			Name: organizationID, Type: target.String, CheckValue: checkOrganizationID, Canonical: shortID,
			Help: "Id of the organisation (15 or 18 characters, beginning with `00D`); a sign-in to another one is refused. " +
				"It is in Setup → Company Settings → Company Information.",
		},
		{
			Name: loginURL, Type: target.URL, Default: production, Binds: true,
			Fixes: []target.Code{target.SystemNotAvailable, target.Misconfigured},
			Help: "Where to sign in: `https://login.salesforce.com`, `https://test.salesforce.com` for a sandbox, or the My " +
				"Domain of the organisation, such as `https://example.my.salesforce.com`. Client credentials need the latter.",
		},
		{
			Name: clientID, Type: target.String, Required: true, Binds: true,
			Help: "Consumer key of the external client app, or connected app, that the service user signs in through.",
		},
		{
			Name: privateKey, Type: target.PrivateKey, Secret: true, CheckValue: oauth.CheckRSAKey,
			Fixes: []target.Code{target.GivenCredentials},
			Help: "RSA private key (PEM) to the certificate that is uploaded to the app, for the JWT bearer flow. It is never " +
				"sent: it signs.",
		},
		{
			Name: clientSecret, Type: target.String, Secret: true,
			Fixes: []target.Code{target.GivenCredentials},
			Help: "Consumer secret of the app: alone for the client credentials flow, or with `refresh_token` where the app " +
				"requires a secret for the refresh token flow.",
		},
		{
			Name: refreshToken, Type: target.String, Secret: true,
			Fixes: []target.Code{target.GivenCredentials},
			Help: "Refresh token that the service user obtained for the app. If Salesforce replaces it, the new one is kept " +
				"and used from then on.",
		},
		target.CACertificateField("for a network whose proxy signs with an authority of its own"),
	}
}

// checkMyDomain refuses what Salesforce would: the shared login hosts do not know whose client credentials they are.
func checkMyDomain(settings target.Settings) error {
	base := settings[loginURL]
	if base == "" {
		base = production
	}
	u, err := url.Parse(target.CanonicalURL(base))
	if err != nil || u.Host != "login.salesforce.com" && u.Host != "test.salesforce.com" {
		return nil //nolint:nilerr // what is wrong with the address itself is said where addresses are checked
	}
	return target.FieldError{Field: loginURL, Message: "login_url must be the My Domain of the organisation, such as " +
		"https://example.my.salesforce.com, to sign in with client_secret alone: " + u.Host + " does not offer the client " +
		"credentials flow. It is in Setup → Company Settings → My Domain."}
}
