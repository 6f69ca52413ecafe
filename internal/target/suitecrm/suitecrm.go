// Package suitecrm is the target system SuiteCRM: it calls the V8 API (JSON:API), and signs in with the password grant of
// SuiteCRM's OAuth 2.0 server.
//
// A sign-in requests an access token through an OAuth2 client and reads its identity. A test is a call of the API. The API has
// no impersonation, so a test for a user looks up the user and reads the user's records with the rights of the service user.
//
// Documentation: SuiteCRM's developer guide (https://docs.suitecrm.com/developer/api/developer-setup-guide/json-api/
// and https://docs.suitecrm.com/developer/api/developer-setup-guide/configure-authentication/). Its error
// responses, and its missing checks, are known from the sources of SuiteCRM 7.14 (Api/V8) and of league/oauth2-server 7 and 8.
package suitecrm

import (
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// The fields.
const (
	instanceURL  = "url"
	clientID     = "client_id"
	username     = "username"
	password     = "password"
	clientSecret = "client_secret"
)

// System declares SuiteCRM.
func System() *target.System {
	return &target.System{
		Name:  "suitecrm",
		Title: "SuiteCRM",
		Kind:  target.CRM,
		Description: "SuiteCRM from 7.12.3 on, and SuiteCRM 8, over the V8 API. The service user may view users, contacts, " +
			"meetings and emails, and signs in through an OAuth2 client for the password grant.",
		Fields: fields(),
		Grants: []target.Grant{{Name: "password", Secrets: []string{clientSecret, password}}},
		Tests: []target.Test{
			target.General, target.Contacts, target.Calendar, target.Mail, target.Metadata,
		},
		UserTest: target.General,
		Help:     help(),
		Expected: func(a target.Account) target.Expected { return target.Expected{Username: a.Setting(username)} },
		SignIn:   signIn,
		Metadata: target.NewMetadataReader("modules", (*session).metadata),
	}
}

func fields() []target.Field {
	return []target.Field{
		{
			Name: instanceURL, Type: target.URL, Required: true, Binds: true, Canonical: instanceOf,
			Fixes: []target.Code{target.SystemNotAvailable, target.Misconfigured},
			Help: "Address of the instance, such as `https://crm.example.com`, or `https://crm.example.com/legacy` for " +
				"SuiteCRM 8. The `/Api` at the end is optional.",
		},
		{
			Name: clientID, Type: target.String, Required: true, Binds: true, Canonical: strings.ToLower,
			Help: "Id of the OAuth2 client (Admin → OAuth2 Clients and Tokens), created with *New Password Client*.",
		},
		{
			Name: username, Type: target.String, Required: true, Binds: true, Canonical: strings.ToLower,
			Fixes: []target.Code{target.WrongIdentity},
			Help: "User name of the service user (Admin → User Management), which is not its email address. The sign-in " +
				"fails for any other user.",
		},
		{
			Name: password, Type: target.String, Secret: true,
			Fixes: []target.Code{target.GivenCredentials},
			Help: "Password of the service user. SuiteCRM escapes `\"`, `'`, `<`, `>` and backticks in requests, in some versions " +
				"not consistently, so a password without them is safer.",
		},
		{
			Name: clientSecret, Type: target.String, Secret: true,
			Fixes: []target.Code{target.GivenCredentials},
			Help:  "Secret of the OAuth2 client, as it was entered when the client was created: SuiteCRM stores only a digest.",
		},
		target.CACertificateField("for an instance whose certificate a private authority signed"),
	}
}
