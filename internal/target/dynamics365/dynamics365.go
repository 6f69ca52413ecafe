// Package dynamics365 is the target system Microsoft Dynamics 365: an application user of a Dataverse environment, signed
// in by Microsoft Entra ID, and the environment's Web API.
//
// Before anything is presented, the environment is asked which tenant it belongs to. Then Entra is asked for a token that
// is good for this environment only, and the environment whose token it is. Tests for a user are run as the user, with
// the header CallerObjectId; whoever the answer names has to be that user, since a header that is not understood would
// leave the application user in place.
//
// The pages that settle the protocol, below https://learn.microsoft.com/power-apps/developer/data-platform/:
// use-single-tenant-server-server-authentication (application users), webapi/compose-http-requests-handle-errors,
// webapi/impersonate-another-user-web-api, webapi/query/filter-rows, api-limits (service protection), and
// reference/web-service-error-codes. The challenge of a call without a token is that of webapi/authenticate-web-api; what
// it says in detail follows what public clients read.
package dynamics365

import (
	"errors"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
)

// The fields that only this system has.
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
		SignIn: signIn,
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
			Help: "Id of the organisation; a sign-in to another one is refused. Power Platform admin center → Environments → the " +
				"environment, Organization ID.",
		},
		entra.AuthorityField(),
		entra.SecretField(),
		entra.CertificateField(),
		entra.KeyField(),
		target.CACertificateField("for a network whose proxy signs with an authority of its own"),
	}
}

// checkAddress refuses what people copy from a browser: the address of an app, or of the Web API.
func checkAddress(value string) error {
	if u, err := url.Parse(value); err != nil || strings.Trim(u.Path, "/") != "" {
		return errors.New("must have no path, as in https://example.crm4.dynamics.com; leave out what follows the host")
	}
	return nil
}
