// Package netsuite is the target system Oracle NetSuite: token-based authentication (TBA, which is OAuth 1.0a with
// HMAC-SHA256) and the REST web services.
//
// There is no signing in to speak of: every request is signed with the secrets of an integration and of a token, which
// stands for a user and a role. A sign-in therefore is a call of the REST web services that NetSuite accepts, and the
// question whose token it is. That one is answered on the host for RESTlets, which roles that are for web services only
// may not call: who signed in stays unknown then, but not where, since a token is good in one account, and the account
// is what every request is signed for. A connection that names its user wants to be sure, and fails then. NetSuite
// knows no acting as somebody else, so tests for a user look the employee up and read with the role of the token.
//
// What NetSuite documents: the signature in
// https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1534941088.html, the token endpoint in
// …/chapter_157017286140.html (its fields are not listed there; those of Oracle's own command line tools are used), errors in
// …/subsect_156935170194.html, …/section_156570709583.html and …/bridgehead_1525252812.html, SuiteQL in
// …/section_157909186990.html, the metadata catalog in …/section_1540810174.html, and what a role needs in
// …/section_1544787084.html.
package netsuite

import (
	"errors"
	"regexp"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// The fields.
const (
	accountID      = "account_id"
	consumerKey    = "consumer_key"
	tokenID        = "token_id"
	consumerSecret = "consumer_secret"
	tokenSecret    = "token_secret"
	apiURL         = "api_url"
	username       = "username"
)

// System declares NetSuite.
func System() *target.System {
	return &target.System{
		Name:  "netsuite",
		Title: "NetSuite",
		Kind:  target.CRM,
		Description: "Oracle NetSuite, with token-based authentication and the REST web services. The role of the token needs " +
			"*Log in using Access Tokens*, *REST Web Services*, *SuiteAnalytics Workbook*, and to view *Contacts*, *Events*, " +
			"*Track Messages* and *Employees*. NetSuite lets no new integrations use token-based authentication from release " +
			"2027.1 on; existing ones go on working.",
		Fields:   fields(),
		Grants:   []target.Grant{{Name: "token", Secrets: []string{consumerSecret, tokenSecret}}},
		Tests:    []target.Test{target.General, target.Contacts, target.Calendar, target.Mail, target.Metadata},
		UserTest: target.General,
		Help:     help(),
		Expected: func(a target.Account) target.Expected {
			return target.Expected{
				Username: a.Setting(username), OrganizationID: a.Setting(accountID), OrganizationField: accountID,
			}
		},
		SignIn: signIn,
	}
}

func fields() []target.Field {
	return []target.Field{
		{
			Name: accountID, Type: target.String, Required: true, Binds: true, CheckValue: checkAccountID, Canonical: realm,
			Help: "Account id, such as `1234567`, or `1234567_SB1` for a sandbox: Setup → Company → Company Information. It names " +
				"the hosts that are called; a token of another account is refused.",
		},
		{
			Name: consumerKey, Type: target.String, Required: true, Binds: true,
			Help: "Consumer key of the integration record, which shows it once, when it is saved: Setup → Integration → Manage " +
				"Integrations.",
		},
		{
			Name: tokenID, Type: target.String, Required: true, Binds: true,
			Help: "Id of the access token, which stands for the integration, a user and a role: Setup → Users/Roles → Access Tokens.",
		},
		{
			Name: username, Type: target.String, Binds: true, Canonical: strings.ToLower, Fixes: []target.Code{target.WrongIdentity},
			Help: "Name of the user who must have signed in, as the general test tells it, such as `Riva Sync`: the token of anybody " +
				"else is refused. NetSuite does not tell whose token it is if the role is for web services only: with such a role, " +
				"leave it out, or the connection fails with `insufficient_permission`.",
		},
		{
			Name: consumerSecret, Type: target.String, Secret: true,
			Help: "Consumer secret of the integration record, which shows it once, beside the consumer key. It is never sent: it signs.",
		},
		{
			Name: tokenSecret, Type: target.String, Secret: true,
			Fixes: []target.Code{target.GivenCredentials},
			Help:  "Secret of the access token, which is shown once, beside its id. It is never sent: it signs.",
		},
		{
			Name: apiURL, Type: target.URL, Binds: true,
			Fixes: []target.Code{target.SystemNotAvailable, target.Misconfigured},
			Help: "One address for everything, in place of the two hosts made from `account_id` " +
				"(`https://1234567-sb1.suitetalk.api.netsuite.com` and `https://1234567-sb1.restlets.api.netsuite.com`): for " +
				"tests, and for private endpoints that lead to both. The address is part of what is signed, so whatever stands " +
				"there has to answer under this name.",
		},
		target.CACertificateField("for a network whose proxy signs with an authority of its own"),
	}
}

// accountPattern keeps what becomes part of a host's name to what can be.
var accountPattern = regexp.MustCompile(`^[A-Za-z0-9]{1,40}([_-][A-Za-z0-9]{1,20})?$`)

func checkAccountID(value string) error {
	if !accountPattern.MatchString(value) {
		return errors.New("must be an account id such as 1234567 or 1234567_SB1, without the rest of an address")
	}
	return nil
}

// realm is the account id as requests are signed for it, 1234567_SB1.
func realm(id string) string { return strings.ToUpper(strings.ReplaceAll(id, "-", "_")) }

// label is the account id as hosts begin with it, 1234567-sb1.
func label(id string) string { return strings.ToLower(strings.ReplaceAll(id, "_", "-")) }

// endpoints are the addresses of the REST web services and of the token's explanation, and the field that says so.
func endpoints(a target.Account) (rest, tokens, field string) {
	if given := a.Setting(apiURL); given != "" {
		given = target.CanonicalURL(given)
		return given, given, apiURL
	}
	at := "https://" + label(a.Setting(accountID))
	return at + ".suitetalk.api.netsuite.com", at + ".restlets.api.netsuite.com", accountID
}
