// Package oraclecrmondemand is the target system Oracle CRM On Demand: it calls the web services over SOAP, and signs in with the
// login of stateful web services.
//
// A sign-in is a login with the headers UserName and Password, which returns a session cookie, and a call of the web service
// for the current user, which returns the identity. Calls contain the cookies, never the password. A company has ten sessions
// at a time, so each is logged off again, whatever its result. A lost session is replaced once. There is no impersonation over
// web services: a test for a user looks up the user, and reads as the service user. Only the Administrative Services return
// the definitions of record types, and they accept no session: there is no test Metadata.
//
// Documentation: the Oracle Web Services On Demand Guide: login and isEncoded for names and passwords that a header cannot
// transmit, https://docs.oracle.com/cd/E71332_01/books/OnDemWebSvcs/OnDemWebSvcs_EstablishSessions10.html; cookies rather
// than addresses with the session, …/OnDemWebSvcs_EstablishSessions9.html; limits and their texts,
// https://docs.oracle.com/cd/E93683_01/books/OnDemWebSvcs/OnDemWebSvcs_Limiters2.html; the fields of users and activities,
// …/OnDemWebSvcs_WebSvcsDetail27.html and …Detail64.html; and the two forms of faults,
// https://docs.oracle.com/cd/F28161_01/books/OnDemWebTrbl/overview-of-error-code-information.html. Namespaces, search
// specifications, and that a rejected login has no code of its own, are known from public clients.
package oraclecrmondemand

import (
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// The fields.
const (
	serverURL = "url"
	username  = "username"
	password  = "password"
)

// System declares Oracle CRM On Demand.
func System() *target.System {
	return &target.System{
		Name:  "oracle_crm_on_demand",
		Title: "Oracle CRM On Demand",
		Kind:  target.CRM,
		Description: "Oracle CRM On Demand, over its web services. The service user's role has the privilege *Enable Web Services " +
			"Access*; each session is logged off, since a company has few.",
		Fields:   fields(),
		Grants:   []target.Grant{{Name: "password", Secrets: []string{password}}},
		Tests:    []target.Test{target.General, target.Contacts, target.Calendar, target.Mail},
		UserTest: target.General,
		Help:     help(),
		Expected: func(a target.Account) target.Expected {
			return target.Expected{Username: withSlash(a.Setting(username))}
		},
		SignIn: signIn,
	}
}

func fields() []target.Field {
	return []target.Field{
		{
			Name: serverURL, Type: target.URL, Required: true, Binds: true, Canonical: serverOf,
			Fixes: []target.Code{target.SystemNotAvailable, target.Misconfigured},
			Help: "Address of the server, such as `https://secure-ausomxapa.crmondemand.com`: scheme and host of the address " +
				"in a browser when you are signed in. It may end in `/Services/Integration`, the path of the web services.",
		},
		{
			Name: username, Type: target.String, Required: true, Binds: true,
			Canonical: func(value string) string { return strings.ToLower(withSlash(value)) },
			Fixes:     []target.Code{target.WrongIdentity},
			Help: "User sign-in ID of the service user, such as `EXAMPLE/riva-sync`: sign-in ID of the company, a slash or a " +
				"backslash, user ID. The sign-in fails for any other user.",
		},
		{
			Name: password, Type: target.String, Secret: true,
			Fixes: []target.Code{target.GivenCredentials},
			Help:  "Password of the service user.",
		},
		target.CACertificateField("where a proxy in between has a certificate of a private authority"),
	}
}

// withSlash returns a sign-in ID with a slash, like Oracle, instead of a backslash.
func withSlash(signInID string) string { return strings.ReplaceAll(signInID, `\`, "/") }

// integration is the path of the web services.
const integration = "/Services/Integration"

// serverOf returns the server of an address, with or without the path of the web services.
func serverOf(address string) string {
	return strings.TrimSuffix(target.CanonicalURL(address), integration)
}
