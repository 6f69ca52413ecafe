// Package sugarcrm is the target system SugarCRM: it calls the REST API v10, and signs in with the password grant of Sugar's
// OAuth 2.0 server.
//
// A sign-in requests an access token for its own platform, since Sugar allows a user one session on each, and reads its
// identity. A test is a call of the REST API. An administrator can act as a user ("sudo"): a test for a user requests a token
// for the user on the same platform, so the user's own sessions continue, and ends it after the test.
//
// Documentation: the Sugar Developer Guide, "REST API":
// https://support.sugarcrm.com/documentation/sugar_developer/sugar_developer_guide_14.0/integration/web_services/rest_api/
// (endpoints /oauth2/token, /oauth2/sudo/:user_name, /me, /metadata) and, for platforms, of
// https://sugarclub.sugarcrm.com/dev-club/b/dev-blog/posts/how-platform-parameter-works-in-sugar-v10-rest-api
// Further details, such as forms as well as JSON at the token endpoint, and the header OAuth-Token for tokens in all versions,
// are known from Sugar 7's published sources (OAuth2Api.php, RestService.php, SugarApiException.php).
package sugarcrm

import (
	"errors"
	"regexp"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// The fields.
const (
	instanceURL = "url"
	username    = "username"
	platform    = "platform"
	password    = "password"
)

// System declares SugarCRM.
func System() *target.System {
	return &target.System{
		Name:  "sugarcrm",
		Title: "SugarCRM",
		Kind:  target.CRM,
		Description: "SugarCRM, over its REST API. The service user has the type *System Administrator User*, to find users and " +
			"to act as them, and signs in on its own API platform.",
		Fields: fields(),
		Grants: []target.Grant{{Name: "password", Secrets: []string{password}}},
		Tests: []target.Test{
			target.General, target.Impersonation, target.Contacts, target.Calendar, target.Mail, target.Metadata,
		},
		UserTest: target.Impersonation,
		Help:     help(),
		Expected: func(a target.Account) target.Expected { return target.Expected{Username: a.Setting(username)} },
		SignIn:   signIn,
		Metadata: target.NewMetadataReader("modules", (*session).metadata),
	}
}

// fields does not bind the platform: on any platform, the credentials are sent to the same address, for the same user.
func fields() []target.Field {
	return []target.Field{
		{
			Name: instanceURL, Type: target.URL, Required: true, Binds: true, Canonical: instanceOf,
			Fixes: []target.Code{target.SystemNotAvailable, target.Misconfigured},
			Help: "Address of the instance, such as `https://crm.example.com/sugar`: the part before `/#Home` in a browser. " +
				"It may end in a version of the REST API, such as `/rest/v11_24` or `/rest10`; without one, `v10` is used.",
		},
		{
			Name: username, Type: target.String, Required: true, Binds: true, Canonical: strings.ToLower,
			Fixes: []target.Code{target.WrongIdentity},
			Help: "User name of the service user (Admin → User Management), which is not its email address. The sign-in " +
				"fails for any other user.",
		},
		{
			Name: platform, Type: target.String, Default: "riva", CheckValue: checkPlatform,
			Help: "API platform to sign in on, which an administrator adds in Admin → Configure API Platforms. Use it for " +
				"this connection only, since Sugar allows a user one session on a platform.",
		},
		{
			Name: password, Type: target.String, Secret: true,
			Fixes: []target.Code{target.GivenCredentials},
			Help:  "Password of the service user.",
		},
		target.CACertificateField("for an instance whose certificate a private authority signed"),
	}
}

// platformPattern matches a valid name of a platform.
var platformPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,127}$`)

// checkPlatform rejects invalid names, and the platforms of interactive clients: every sign-in there would end the service user's
// session in a browser, and every test for a user that user's session.
func checkPlatform(value string) error {
	if !platformPattern.MatchString(value) {
		return errors.New("must be the name of an API platform: up to 127 letters, digits, hyphens and underscores")
	}
	for shared, client := range map[string]string{
		"base": "browsers", "mobile": "Sugar's mobile app", "portal": "the customer portal",
	} {
		if strings.EqualFold(value, shared) {
			return errors.New("must not be the platform of " + client + ", where every test would end sessions of users; " +
				"add one for this connection in Admin → Configure API Platforms")
		}
	}
	return nil
}
