// Package sapc4c is the target system SAP Cloud for Customer: it calls the standard OData service c4codataapi, in version 2 of
// the protocol, with Basic authentication.
//
// Every call has the user name and the password; there is no session. The service has no call that returns the identity. The
// general test looks up the business user with the name that was sent, but that does not prove who signed in: so the identity
// of a sign-in is the host alone, and only the service verifies the user name. The general test reports the business user,
// and fails if it is locked or no longer valid. There is no impersonation with Basic: a test for a user looks up the user, and
// reads as the service user.
//
// Documentation: SAP's "SAP Cloud for Customer OData API Developer's Guide",
// https://github.com/SAP-archive/C4CODATAAPIDEVGUIDE: service document with its final slash, $format, $filter ("or" on one
// property only, no functions), CSRF token. The collection BusinessUserCollection with UserID, EmailURI, UserLockedIndicator
// and UserValidityEndDate, and EMailCollection, are known from public clients of the service. SAP documents no list of
// error codes, so the HTTP status decides the fault: an OData 2 error (https://www.odata.org/documentation/odata-version-2-0/)
// only adds the message.
package sapc4c

import (
	"errors"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// The fields.
const (
	tenantURL = "url"
	username  = "username"
	password  = "password"
)

// System declares SAP Cloud for Customer.
func System() *target.System {
	return &target.System{
		Name:  "sap_c4c",
		Title: "SAP Cloud for Customer",
		Kind:  target.CRM,
		Description: "SAP Cloud for Customer (SAP Sales Cloud and SAP Service Cloud, version 1), over its OData API. The service " +
			"user is a business user, or the technical user of a communication arrangement.",
		Fields:   fields(),
		Grants:   []target.Grant{{Name: "password", Secrets: []string{password}}},
		Tests:    []target.Test{target.General, target.Contacts, target.Calendar, target.Mail, target.Metadata},
		UserTest: target.General,
		Help:     help(),
		// The identity is not compared, since the service does not report it.
		Expected: func(target.Account) target.Expected { return target.Expected{} },
		SignIn:   signIn,
		Metadata: target.NewMetadataReader("collections", (*session).metadata),
	}
}

func fields() []target.Field {
	return []target.Field{
		{
			Name: tenantURL, Type: target.URL, Required: true, Binds: true, Canonical: tenantOf,
			Fixes: []target.Code{target.SystemNotAvailable, target.Misconfigured},
			Help: "Address of the tenant, such as `https://my123456.crm.ondemand.com`. It may end in " +
				"`/sap/c4c/odata/v1/c4codataapi/`, where the OData service is.",
		},
		{
			Name: username, Type: target.String, Required: true, Binds: true, Canonical: strings.ToUpper, CheckValue: checkUsername,
			Fixes: []target.Code{target.WrongIdentity},
			Help: "User ID of the service user, such as `_RIVASYNC` (Administrator → General Settings → Users → Business Users), " +
				"or the technical user of a communication arrangement. SAP Cloud for Customer does not report who signed in: it " +
				"only checks this name and the password.",
		},
		{
			Name: password, Type: target.String, Secret: true,
			Fixes: []target.Code{target.GivenCredentials},
			Help:  "Password of the service user. Assign the user a security policy without password expiry.",
		},
		target.CACertificateField("where a proxy in between has a certificate of a private authority"),
	}
}

// checkUsername rejects a colon: in Basic authentication the first colon ends the user name (RFC 7617, 2).
func checkUsername(value string) error {
	if strings.Contains(value, ":") {
		return errors.New("must not contain a colon, which would end the user name")
	}
	return nil
}

// service is the path of the standard OData service; the slash at its end is required.
const service = "/sap/c4c/odata/v1/c4codataapi/"

// tenantOf returns the tenant of an address, with or without the path of the service.
func tenantOf(address string) string {
	return strings.TrimSuffix(target.CanonicalURL(address), strings.TrimSuffix(service, "/"))
}
