// Package oraclecrmondemand is the target system Oracle CRM On Demand: the login of stateful web services, and SOAP.
//
// A sign-in is a login with the headers UserName and Password, answered with a session cookie, and a question to the web
// service for the current user, which tells who signed in. Calls carry the cookies, never the password. A company has ten
// sessions at a time, so each is logged off again, whatever came of it. A session that is lost on the way is replaced once.
// Nobody can act as somebody else over web services: the tests for a user look the user up, and read as the service user.
// The definitions of record types are told by the Administrative Services only, which take no session: there is no metadata.
//
// The protocol is that of the Oracle Web Services On Demand Guide: login and isEncoded for names and passwords that a header
// cannot carry, https://docs.oracle.com/cd/E71332_01/books/OnDemWebSvcs/OnDemWebSvcs_EstablishSessions10.html; cookies rather
// than addresses with the session, …/OnDemWebSvcs_EstablishSessions9.html; limits and their words,
// https://docs.oracle.com/cd/E93683_01/books/OnDemWebSvcs/OnDemWebSvcs_Limiters2.html; the fields of users and activities,
// …/OnDemWebSvcs_WebSvcsDetail27.html and …Detail64.html; and the two forms of faults,
// https://docs.oracle.com/cd/F28161_01/books/OnDemWebTrbl/overview-of-error-code-information.html. Namespaces, search
// specifications, and that a refused login has no code of its own, are from public clients.
package oraclecrmondemand

import (
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// The fields that the sign-in has to name.
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
			Help: "Address of the server, such as `https://secure-ausomxapa.crmondemand.com`: scheme and host of what a browser " +
				"shows when you are signed in. It may end in `/Services/Integration`, where web services are.",
		},
		{
			Name: username, Type: target.String, Required: true, Binds: true,
			Canonical: func(value string) string { return strings.ToLower(withSlash(value)) },
			Fixes:     []target.Code{target.WrongIdentity},
			Help: "User sign-in ID of the service user, such as `EXAMPLE/riva-sync` (Admin → User Management and Access " +
				"Controls → User Management → the user): the company's sign-in ID, a slash or a backslash, the user ID. Whoever else " +
				"signs in is refused.",
		},
		{
			Name: password, Type: target.String, Secret: true,
			Fixes: []target.Code{target.GivenCredentials},
			Help:  "Password of the service user.",
		},
		target.CACertificateField("where a proxy in between has a certificate of a private authority"),
	}
}

// withSlash writes a sign-in ID as Oracle does, whichever slash people use.
func withSlash(signInID string) string { return strings.ReplaceAll(signInID, `\`, "/") }

// integration is where web services are.
const integration = "/Services/Integration"

// serverOf is the server that an address means, whether it names web services or not.
func serverOf(address string) string {
	return strings.TrimSuffix(target.CanonicalURL(address), integration)
}
