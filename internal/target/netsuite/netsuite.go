// Package netsuite is the target system Oracle NetSuite: it calls the REST web services, with token-based authentication (TBA,
// which is OAuth 1.0a with HMAC-SHA256).
//
// There is no separate sign-in: every request is signed with the secrets of an integration and of a token, which belongs to a
// user and a role. A sign-in is therefore a call of the REST web services that NetSuite accepts, and a call that reads the
// user of the token. The latter is on the host for RESTlets, which roles for web services only may not call. Then the user
// stays unknown, but not the account: a token is valid in one account, and every request is signed for that account. A
// connection that sets its user fails then, since the user cannot be verified. NetSuite has no impersonation, so a test for
// a user looks up the employee and reads with the role of the token.
//
// Documentation: the signature in
// https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1534941088.html, the token endpoint in
// …/chapter_157017286140.html (it does not list the fields; they are known from Oracle's own command line tools), errors in
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
			"*Track Messages* and *Employees*. NetSuite allows no new integrations with token-based authentication from release " +
			"2027.1 on; existing ones continue to work.",
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
		SignIn:   signIn,
		Metadata: target.NewMetadataReader("record types", (*session).metadata),
	}
}

func fields() []target.Field {
	return []target.Field{
		{
			Name: accountID, Type: target.String, Required: true, Binds: true, CheckValue: checkAccountID, Canonical: realm,
			Help: "Account id, such as `1234567`, or `1234567_SB1` for a sandbox: Setup → Company → Company Information. It " +
				"determines the host names; a token of another account is rejected.",
		},
		{
			Name: consumerKey, Type: target.String, Required: true, Binds: true,
			Help: "Consumer key of the integration record, which shows it once, when it is saved: Setup → Integration → Manage " +
				"Integrations.",
		},
		{
			Name: tokenID, Type: target.String, Required: true, Binds: true,
			Help: "Id of the access token, which belongs to the integration, a user and a role: Setup → Users/Roles → Access Tokens.",
		},
		{
			Name: username, Type: target.String, Binds: true, Canonical: strings.ToLower, Fixes: []target.Code{target.WrongIdentity},
			Help: "Name of the user who must have signed in, as the general test shows it, such as `Riva Sync`. Leave it out " +
				"if the role is for web services only: NetSuite then does not show the user.",
		},
		{
			Name: consumerSecret, Type: target.String, Secret: true,
			Help: "Consumer secret of the integration record, which shows it once, beside the consumer key. It signs and is never sent.",
		},
		{
			Name: tokenSecret, Type: target.String, Secret: true,
			Fixes: []target.Code{target.GivenCredentials},
			Help:  "Secret of the access token, which is shown once, beside its id. It signs and is never sent.",
		},
		{
			Name: apiURL, Type: target.URL, Binds: true,
			Fixes: []target.Code{target.SystemNotAvailable, target.Misconfigured},
			Help: "One address for all calls, for tests and private endpoints, instead of the two hosts made from " +
				"`account_id`. The signature includes it, so the server must respond under this name.",
		},
		target.CACertificateField("for a network whose proxy signs with an authority of its own"),
	}
}

// accountPattern matches an account id, which becomes part of a host name.
var accountPattern = regexp.MustCompile(`^[A-Za-z0-9]{1,40}([_-][A-Za-z0-9]{1,20})?$`)

func checkAccountID(value string) error {
	if !accountPattern.MatchString(value) {
		return errors.New("must be an account id such as 1234567 or 1234567_SB1, without the rest of an address")
	}
	return nil
}

// realm returns the account id in signatures, 1234567_SB1.
func realm(id string) string { return strings.ToUpper(strings.ReplaceAll(id, "-", "_")) }

// label returns the account id in host names, 1234567-sb1.
func label(id string) string { return strings.ToLower(strings.ReplaceAll(id, "_", "-")) }

// endpoints returns the addresses of the REST web services and of the token endpoint, and the field that determines them.
func endpoints(a target.Account) (rest, tokens, field string) {
	if address := a.Setting(apiURL); address != "" {
		address = target.CanonicalURL(address)
		return address, address, apiURL
	}
	prefix := "https://" + label(a.Setting(accountID))
	return prefix + ".suitetalk.api.netsuite.com", prefix + ".restlets.api.netsuite.com", accountID
}
