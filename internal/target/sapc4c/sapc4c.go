// Package sapc4c is the target system SAP Cloud for Customer: Basic authentication, and the standard OData service
// c4codataapi in version 2 of the protocol.
//
// Every call carries user name and password; there is no session. The service has no call that tells who is signed in. That
// a business user has the name that was sent, which the general test looks up, says nothing about who was let in: so the
// identity of a sign-in is the host alone, and it is the service that answers for the user name. The general test does say
// who the business user is, and refuses one who is locked or no longer valid. Nobody can act as somebody else with Basic:
// the tests for a user look the user up, and read as the service user.
//
// The protocol is that of SAP's "SAP Cloud for Customer OData API Developer's Guide",
// https://github.com/SAP-archive/C4CODATAAPIDEVGUIDE: service document with its final slash, $format, $filter ("or" on one
// property only, no functions), CSRF token. The collection BusinessUserCollection with UserID, EmailURI, UserLockedIndicator
// and UserValidityEndDate, and EMailCollection, are those that public clients of the service read. SAP documents no list of
// error codes, so a failure is told by its HTTP status: OData 2 errors (https://www.odata.org/documentation/odata-version-2-0/)
// only give it words.
package sapc4c

import (
	"errors"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// The fields that the sign-in has to name.
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
		// Nobody is expected, since the service does not tell who signed in.
		Expected: func(target.Account) target.Expected { return target.Expected{} },
		SignIn:   signIn,
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
				"or the technical user of a communication arrangement. SAP Cloud for Customer does not tell who signed in: it is " +
				"its check of this name and the password that counts.",
		},
		{
			Name: password, Type: target.String, Secret: true,
			Fixes: []target.Code{target.GivenCredentials},
			Help:  "Password of the service user. Give the user a security policy without expiry.",
		},
		target.CACertificateField("where a proxy in between has a certificate of a private authority"),
	}
}

// checkUsername refuses what Basic cannot carry: the first colon ends the user name (RFC 7617, 2).
func checkUsername(value string) error {
	if strings.Contains(value, ":") {
		return errors.New("must not contain a colon, which would end the user name")
	}
	return nil
}

// service is where the standard OData service is; the slash at its end is needed.
const service = "/sap/c4c/odata/v1/c4codataapi/"

// tenantOf is the tenant that an address means, whether it names the service or not.
func tenantOf(address string) string {
	return strings.TrimSuffix(target.CanonicalURL(address), strings.TrimSuffix(service, "/"))
}
