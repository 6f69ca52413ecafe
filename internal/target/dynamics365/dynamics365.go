// Package dynamics365 is the target system Microsoft Dynamics 365: it calls the Web API of a Dataverse environment, as an
// application user that signs in with Microsoft Entra ID.
//
// Before any secret is sent, the environment returns the tenant it belongs to. Then Entra issues a token for this environment
// only, and the environment returns the identity of the token. Tests for a user run as the user, with the header
// CallerObjectId. The response must name that user: an environment that ignores the header would run the call as the
// application user.
//
// Documentation, below https://learn.microsoft.com/power-apps/developer/data-platform/:
// use-single-tenant-server-server-authentication (application users), webapi/compose-http-requests-handle-errors,
// webapi/impersonate-another-user-web-api, webapi/query/filter-rows, api-limits (service protection), and
// reference/web-service-error-codes. The challenge of a call without a token is described in webapi/authenticate-web-api; its
// details are known from public clients.
package dynamics365

import (
	"errors"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
)

// The fields of this system, in addition to those of package entra.
const (
	address        = "url"
	organizationID = "organization_id"
)

// System declares Microsoft Dynamics 365.
func System() *target.System {
	return &target.System{
		Name:  "dynamics365",
		Title: "Microsoft Dynamics 365",
		Kind:  target.CRM,
		Description: "Microsoft Dynamics 365 (online), over the Web API of its Dataverse environment. The service account is an " +
			"*application user* of the environment for an app registration of Microsoft Entra ID; it needs a security role that " +
			"reads users, contacts and activities, and the role *Delegate* to work for users.",
		Fields: fields(),
		Grants: []target.Grant{
			{Name: "client_secret", Secrets: []string{entra.ClientSecret}},
			{Name: "certificate", Secrets: []string{entra.Certificate, entra.PrivateKey}, CheckCredentials: entra.CheckKeyPair},
		},
		Tests: []target.Test{
			target.General, target.Impersonation, target.Contacts, target.Calendar, target.Mail, target.Metadata,
		},
		UserTest: target.Impersonation,
		Help:     help(),
		Expected: func(a target.Account) target.Expected {
			return target.Expected{OrganizationID: a.Setting(organizationID), OrganizationField: organizationID}
		},
		SignIn:   signIn,
		Metadata: target.NewMetadataReader("tables", (*session).metadata),
	}
}

func fields() []target.Field {
	return []target.Field{
		{
			Name: address, Type: target.URL, Required: true, Binds: true, CheckValue: checkAddress,
			Fixes: []target.Code{target.SystemNotAvailable, target.Misconfigured},
			Help: "Address of the environment, such as `https://example.crm4.dynamics.com`: Power Platform admin center → " +
				"Environments → the environment, Environment URL.",
		},
		entra.TenantField(),
		entra.ClientField(),
		{
			Name: organizationID, Type: target.String, CheckValue: entra.CheckGUID, Canonical: strings.ToLower,
			Fixes: []target.Code{target.WrongIdentity},
			Help: "Id of the organization that the sign-in must reach: Power Platform admin center → Environments → the " +
				"environment, Organization ID.",
		},
		entra.AuthorityField(),
		entra.SecretField(),
		entra.CertificateField(),
		entra.KeyField(),
		target.CACertificateField("for a network whose proxy signs with an authority of its own"),
	}
}

// checkAddress rejects addresses that users copy from a browser: of an app, or of the Web API.
func checkAddress(value string) error {
	if u, err := url.Parse(value); err != nil || strings.Trim(u.Path, "/") != "" {
		return errors.New("must have no path, as in https://example.crm4.dynamics.com; leave out what follows the host")
	}
	return nil
}
