// Package salesforce is the target system Salesforce: it calls the REST API, and signs in with the OAuth 2.0 grants that need no
// browser.
//
// A sign-in requests an access token at the login host, and reads its identity from the instance that the response names. A
// test is a call of the REST API. The API has no impersonation, so a test for a user looks up the user and reads with the
// rights of the service user.
//
// Documentation: the pages https://help.salesforce.com/s/articleView?id=xcloud.<page>.htm for the grants
// (remoteaccess_oauth_jwt_flow, whose responses have neither signature nor time of issue,
// remoteaccess_oauth_client_credentials_flow and remoteaccess_oauth_refresh_token_flow), their errors
// (remoteaccess_oauth_flow_errors) and the identity (remoteaccess_using_userinfo_endpoint); the REST API and its errors in
// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm.
package salesforce

import (
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// The fields.
const (
	username       = "username"
	organizationID = "organization_id"
	loginURL       = "login_url"
	clientID       = "client_id"
	privateKey     = "private_key"
	clientSecret   = "client_secret"
	refreshToken   = "refresh_token"
)

// The login hosts that all organizations share: for production and for sandboxes.
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
		SignIn:    signIn,
		Authorize: authorize(),
		Metadata:  target.NewMetadataReader("objects", (*session).metadata),
	}
}

// fields binds client_id too: a secret or a token belongs to one app, and a corrected client_id allows a new attempt after
// rejected ones.
func fields() []target.Field {
	return []target.Field{
		{
			Name: username, Type: target.String, Required: true, Binds: true, Canonical: strings.ToLower,
			Fixes: []target.Code{target.WrongIdentity},
			Help: "User name of the service user, such as `riva-sync@example.com`: it has the form of an email address. The " +
				"sign-in fails for any other user.",
		},
		{
			Name: organizationID, Type: target.String, CheckValue: checkOrganizationID, Canonical: shortID,
			Help: "Id of the organization that the sign-in must reach, 15 or 18 characters that begin with `00D`: Setup → " +
				"Company Settings → Company Information.",
		},
		{
			Name: loginURL, Type: target.URL, Default: production, Binds: true, CheckValue: checkLoginURL,
			Fixes: []target.Code{target.SystemNotAvailable, target.Misconfigured},
			Help: "Address to sign in at: `https://login.salesforce.com`, `https://test.salesforce.com` for a sandbox, or the My " +
				"Domain of the organization, such as `https://example.my.salesforce.com`. Client credentials require the latter.",
		},
		{
			Name: clientID, Type: target.String, Required: true, Binds: true,
			Help: "Consumer key of the external client app, or connected app, that the service user signs in through.",
		},
		{
			Name: privateKey, Type: target.PrivateKey, Secret: true, CheckValue: oauth.CheckRSAKey,
			Fixes: []target.Code{target.GivenCredentials},
			Help: "RSA private key (PEM) of the certificate that is uploaded to the app, for the JWT bearer flow. It signs " +
				"and is never sent.",
		},
		{
			Name: clientSecret, Type: target.String, Secret: true,
			Fixes: []target.Code{target.GivenCredentials},
			Help: "Consumer secret of the app: for the client credentials flow, or with `refresh_token` if the app " +
				"requires a secret.",
		},
		{
			Name: refreshToken, Type: target.String, Secret: true,
			Fixes: []target.Code{target.GivenCredentials},
			Help: "Refresh token that the service user obtained for the app. If Salesforce replaces it, the new one is " +
				"stored and used from then on.",
		},
		target.CACertificateField("for a network whose proxy signs with an authority of its own"),
	}
}
