// Package suitecrm is the target system SuiteCRM: the password grant of its OAuth 2.0 server, and its V8 API (JSON:API).
//
// A sign-in gets an access token through an OAuth2 client and asks whose it is. A test is a call of the API: SuiteCRM knows
// no acting as somebody else there, so tests for a user look the user up and read their records with the rights of the
// service user.
//
// The protocol is that of SuiteCRM's developer guide (https://docs.suitecrm.com/developer/api/developer-setup-guide/json-api/
// and https://docs.suitecrm.com/developer/api/developer-setup-guide/configure-authentication/). How it refuses, and what it
// looks at when it does not, is from the sources of SuiteCRM 7.14 (Api/V8) and of league/oauth2-server 7 and 8.
package suitecrm

import (
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// The fields that the sign-in has to name.
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
	}
}

func fields() []target.Field {
	return []target.Field{
		{
			Name: instanceURL, Type: target.URL, Required: true, Binds: true, Canonical: instanceOf,
			Fixes: []target.Code{target.SystemNotAvailable, target.Misconfigured},
			Help: "Address of the instance, such as `https://crm.example.com`, below which the API is in `/Api`. SuiteCRM 8 has " +
				"it in another place: `https://crm.example.com/legacy`. The `/Api` may be written or left out.",
		},
		{
			Name: clientID, Type: target.String, Required: true, Binds: true, Canonical: strings.ToLower,
			Help: "Id of the OAuth2 client (Admin → OAuth2 Clients and Tokens), made with *New Password Client*.",
		},
		{
			Name: username, Type: target.String, Required: true, Binds: true, Canonical: strings.ToLower,
			Fixes: []target.Code{target.WrongIdentity},
			Help: "User name of the service user (Admin → User Management), which is not its email address; whoever else signs " +
				"in is refused.",
		},
		{
			Name: password, Type: target.String, Secret: true,
			Fixes: []target.Code{target.GivenCredentials},
			Help: "Password of the service user. SuiteCRM changes `\"`, `'`, `<`, `>` and backticks in what it is sent, in some " +
				"versions not everywhere alike, so a password without them is the safer one.",
		},
		{
			Name: clientSecret, Type: target.String, Secret: true,
			Fixes: []target.Code{target.GivenCredentials},
			Help:  "Secret of the OAuth2 client, as it was typed in when the client was made: SuiteCRM keeps only a digest.",
		},
		target.CACertificateField("for an instance whose certificate a private authority signed"),
	}
}
