// Package office365 is the target system Microsoft 365: it reads mailboxes of Exchange Online over Microsoft Graph or, as long as
// Microsoft allows it, over Exchange Web Services (EWS), with an access token of Microsoft Entra ID.
//
// An app registration signs in either for itself, with a secret or a certificate, or as a user, with that user's refresh
// token. The app itself is not a user and has no mailbox: Graph has the user in the path, EWS in a header, and the setting
// validation_email names the mailbox for tests without a user. The identity is then the app and its tenant, from the access
// token's claims, and the name of the tenant if the app may read it. With a refresh token, Graph or EWS return the user;
// other users' mailboxes can then be read only if they, or an administrator, have shared them.
//
// Documentation, below https://learn.microsoft.com/: graph/api/user-get, graph/api/user-list-messages
// and their neighbors, graph/errors, graph/throttling, graph/permissions-reference, graph/deployments (national clouds),
// graph/outlook-share-messages-folders (what a user may open), exchange/permissions-exo/application-rbac (permissions that
// Exchange gives an app, and that its token does not show), exchange/client-developer/exchange-web-services/
// how-to-authenticate-an-ews-application-by-using-oauth, and exchange/clients-and-mobile-in-exchange-online/
// deprecation-of-ews-exchange-online.
package office365

import (
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
)

// The fields of this system, in addition to those of package entra.
const (
	validationEmail = "validation_email"
	username        = "username"
	api             = "api"
	graphURL        = "graph_url"
	ewsURL          = "ews_url"
)

// The values of api.
const (
	graph       = "graph"
	webServices = "ews"
)

// System declares Microsoft 365.
func System() *target.System {
	return &target.System{
		Name:  "office365",
		Title: "Microsoft 365",
		Kind:  target.Email,
		Description: "Microsoft 365 (Exchange Online), over Microsoft Graph. The app registration needs the application " +
			"permissions `User.Read.All`, `Mail.ReadWrite`, `Calendars.ReadWrite` and `Contacts.ReadWrite` with admin consent. The " +
			"last three can be roles in Exchange Online instead (RBAC for Applications), for some mailboxes only.",
		Fields: fields(),
		Grants: []target.Grant{
			{Name: "client_secret", Secrets: []string{entra.ClientSecret}, CheckSettings: checkUsernameUnused},
			{
				Name: "certificate", Secrets: []string{entra.Certificate, entra.PrivateKey}, CheckSettings: checkUsernameUnused,
				CheckCredentials: entra.CheckKeyPair,
			},
			{Name: "refresh_token", Secrets: []string{entra.RefreshToken}, Optional: []string{entra.ClientSecret}},
			{
				Name: "refresh_token_certificate", Secrets: []string{entra.RefreshToken, entra.Certificate, entra.PrivateKey},
				CheckCredentials: entra.CheckKeyPair,
			},
		},
		Check:       checkSettings,
		Tests:       []target.Test{target.General, target.Impersonation, target.Calendar, target.Contacts, target.Mail},
		Revalidates: true,
		UserTest:    target.Impersonation,
		Help:        help(),
		Expected:    expected,
		SignIn:      signIn,
		Authorize:   authorize(),
	}
}

// fields binds the addresses where the app signs in and where its tokens are sent. The validation mailbox is not bound: the same
// app may read any mailbox.
func fields() []target.Field {
	refresh := target.Field{
		Name: entra.RefreshToken, Type: target.String, Secret: true, Fixes: []target.Code{target.GivenCredentials},
		Help: "Refresh token of a user for the app, with the scope `offline_access`: the connection then works as that user. " +
			"Microsoft replaces it, and the new one is stored.",
	}
	return []target.Field{
		entra.TenantField(),
		entra.ClientField(),
		{
			Name: validationEmail, Type: target.EmailAddress, Required: true,
			Help: "Mailbox that tests of the service account read, since an app has none of its own: `riva-sync@example.com`. With " +
				"`refresh_token` it is the mailbox of the user who must have signed in, unless `username` names that user.",
		},
		{
			Name: username, Type: target.String, Binds: true, Canonical: strings.ToLower, Fixes: []target.Code{target.WrongIdentity},
			Help: "User principal name or address of the user who must have signed in, with `refresh_token`. The default " +
				"is `validation_email`.",
		},
		{
			Name: api, Type: target.String, Default: graph, Allowed: []string{graph, webServices},
			Deprecated: map[string]string{webServices: ewsDeprecation},
			Help: "API to call: Microsoft Graph (`graph`) or Exchange Web Services (`ews`). Microsoft ends `ews` for Exchange " +
				"Online in April 2027.",
		},
		entra.AuthorityField(),
		{
			Name: graphURL, Type: target.URL, Default: publicCloud.graph, Binds: true, CheckValue: checkGraphURL,
			Fixes: []target.Code{target.SystemNotAvailable, target.Misconfigured},
			Help: "Address of Microsoft Graph: `https://graph.microsoft.us` for GCC High, `https://dod-graph.microsoft.us` for DoD, " +
				"`https://microsoftgraph.chinacloudapi.cn` for China.",
		},
		{
			Name: ewsURL, Type: target.URL, Default: publicCloud.outlook + ewsPath, Binds: true,
			Help: "Address of Exchange Web Services, for `api = \"ews\"`: `https://outlook.office365.us/EWS/Exchange.asmx` for GCC " +
				"High, `https://webmail.apps.mil/EWS/Exchange.asmx` for DoD, `https://partner.outlook.cn/EWS/Exchange.asmx` for China.",
		},
		entra.SecretField(),
		entra.CertificateField(),
		entra.KeyField(),
		refresh,
		target.CACertificateField("for a network whose proxy signs with an authority of its own"),
	}
}

// ewsDeprecation is Microsoft's announcement about EWS (deprecation-of-ews-exchange-online; "Exchange Online EWS, Your Time
// is Almost Up" and "Introducing EWSAllowedAppIDs" of the Exchange team's blog).
const ewsDeprecation = `Microsoft retires Exchange Web Services for Exchange Online: since 1 October 2026 only apps that a ` +
	`tenant lists (EwsAllowedAppIDs) may use them, and from 1 April 2027 no app. Set api to "graph".`

// expected returns the identity that must have signed in: a user with a refresh token, and always the tenant, if tenant_id is its
// id. If tenant_id is a domain, Entra resolves it, and issues no token for another tenant.
func expected(a target.Account) target.Expected {
	want := target.Expected{Username: a.Setting(entra.ClientID)}
	if a.Credentials[entra.RefreshToken] != "" {
		want.Username = expectedUser(a)
	}
	if tenant := a.Setting(entra.TenantID); entra.IsGUID(tenant) {
		want.OrganizationID, want.OrganizationField = tenant, entra.TenantID
	}
	return want
}

func expectedUser(a target.Account) string {
	if name := a.Setting(username); name != "" {
		return name
	}
	return a.Setting(validationEmail)
}
