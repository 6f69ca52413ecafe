// Package sugarcrm is the target system SugarCRM: the password grant of Sugar's OAuth 2.0 server, and its REST API v10.
//
// A sign-in gets an access token for a platform of its own, since Sugar lets a user have one session on each, and asks
// whose it is. A test is a call of the REST API. An administrator can act as a user ("sudo"): the tests for a user get a
// token for them on the same platform, so that their own sessions go on, and end it when they are done.
//
// The protocol is that of the Sugar Developer Guide, "REST API":
// https://support.sugarcrm.com/documentation/sugar_developer/sugar_developer_guide_14.0/integration/web_services/rest_api/
// (endpoints /oauth2/token, /oauth2/sudo/:user_name, /me, /metadata) and, for platforms, of
// https://sugarclub.sugarcrm.com/dev-club/b/dev-blog/posts/how-platform-parameter-works-in-sugar-v10-rest-api
// What they leave open, such as that the token endpoint reads forms as well as JSON, and that tokens go into the header
// OAuth-Token in all versions, is from Sugar 7's published sources (OAuth2Api.php, RestService.php, SugarApiException.php).
package sugarcrm

import (
	"errors"
	"regexp"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// The fields that the sign-in has to name.
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
		Description: "SugarCRM, over its REST API. The service user is of the type *System Administrator User*, to find users and " +
			"to act as them, and signs in on an API platform of its own.",
		Fields: fields(),
		Grants: []target.Grant{{Name: "password", Secrets: []string{password}}},
		Tests: []target.Test{
			target.General, target.Impersonation, target.Contacts, target.Calendar, target.Mail, target.Metadata,
		},
		UserTest: target.Impersonation,
		Help:     help(),
		Expected: func(a target.Account) target.Expected { return target.Expected{Username: a.Setting(username)} },
		SignIn:   signIn,
	}
}

// fields does not bind the platform: the credentials go to the same place on any, and are the same user's.
func fields() []target.Field {
	return []target.Field{
		{
			Name: instanceURL, Type: target.URL, Required: true, Binds: true, Canonical: instanceOf,
			Fixes: []target.Code{target.SystemNotAvailable, target.Misconfigured},
			Help: "Address of the instance, such as `https://crm.example.com/sugar`: what is in front of `/#Home` in a browser. " +
				"It may end in a version of the REST API to call, as in `https://crm.example.com/sugar/rest/v11_24` or " +
				"`https://crm.example.com/sugar/rest10`; without one, `v10` is called, which all versions of Sugar have.",
		},
		{
			Name: username, Type: target.String, Required: true, Binds: true, Canonical: strings.ToLower,
			Fixes: []target.Code{target.WrongIdentity},
			Help: "User name of the service user (Admin → User Management), which is not its email address; whoever else signs " +
				"in is refused.",
		},
		{
			Name: platform, Type: target.String, Default: "riva", CheckValue: checkPlatform,
			Help: "API platform to sign in on, which an administrator adds in Admin → Configure API Platforms. Sugar lets a " +
				"user have one session on a platform: signing in ends the user's other one there, and acting as a user ends " +
				"theirs. So it must be one that no person and no other program uses.",
		},
		{
			Name: password, Type: target.String, Secret: true,
			Fixes: []target.Code{target.GivenCredentials},
			Help:  "Password of the service user.",
		},
		target.CACertificateField("for an instance whose certificate a private authority signed"),
	}
}

// platformPattern is what Sugar takes as the name of a platform.
var platformPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,127}$`)

// checkPlatform refuses the platforms of people, besides what is no name: every sign-in there would throw the service user
// out of a browser, and every test for a user that user.
func checkPlatform(value string) error {
	if !platformPattern.MatchString(value) {
		return errors.New("must be the name of an API platform: up to 127 letters, digits, hyphens and underscores")
	}
	for shared, owner := range map[string]string{
		"base": "browsers", "mobile": "Sugar's mobile app", "portal": "the customer portal",
	} {
		if strings.EqualFold(value, shared) {
			return errors.New("must not be the platform of " + owner + ", where every test would end sessions of people; " +
				"add one for this connection in Admin → Configure API Platforms")
		}
	}
	return nil
}
