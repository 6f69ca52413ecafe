// Package hclnotes is the target system HCL Notes: it reads mail files on an HCL Domino server over HTTP, and signs in with user
// name and Internet password.
//
// Riva itself uses its own service on Domino, the Riva Sync Connector, whose protocol is not public. This package uses HCL
// Domino's own documented HTTP interfaces instead: name-and-password authentication for Web clients (Basic or session), the
// REST services Calendar and Mail of Domino Access Services, and the URL command ReadViewEntries.
//
// If the connection does not set the authentication, a call without credentials detects it first, so a password is never sent
// twice. Then the caller's calendar is read: Domino returns the name and the Internet address that the Domino Directory has
// for the account. The organization is the O= of that name. There is no impersonation: acting as a user means reading that
// user's mail file, by its access control list.
//
// Documentation: https://help.hcl-software.com/domino/14.0.0/admin/conf_sessionbasednameandpasswordauthenticationforwebcl_c.html
// (authentication), https://github.com/OpenNTF/das-api-specs (IBM's OpenAPI specifications of Domino Access Services),
// https://help.hcl-software.com/dom_designer/10.0.1/basic/H_ABOUT_URL_COMMANDS_FOR_OPENING_SERVERS_DATABASES_AND_VIEWS.html
// (Login, Logout, ReadViewEntries). The rest is known from the services' published sources,
// https://github.com/OpenNTF/XPagesExtensionLibrary: GET /api/calendar with its parameter owner
// (CalendarCollectionResource.java, UserHelper.java) and the error texts. The input names and cookies of the login form are
// known from public clients.
package hclnotes

import (
	"errors"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// The fields.
const (
	serverURL      = "url"
	username       = "username"
	authentication = "authentication"
	organizationID = "organization_id"
	password       = "password"
)

// The kinds of authentication.
const (
	basic       = "basic"
	sessionAuth = "session"
)

// System declares HCL Notes.
func System() *target.System {
	return &target.System{
		Name:  "hcl_notes",
		Title: "HCL Notes",
		Kind:  target.Email,
		Description: "HCL Notes mail, over HTTP to an HCL Domino server (9.0.1 or newer). Riva itself uses its Riva Sync " +
			"Connector, whose protocol is not public; this connection uses HCL Domino's own documented HTTP interfaces, mainly " +
			"Domino Access Services. The service account has an Internet password, and reads and edits the users' mail files " +
			"by their access control lists.",
		Fields:   fields(),
		Grants:   []target.Grant{{Name: "password", Secrets: []string{password}}},
		Tests:    []target.Test{target.General, target.Impersonation, target.Calendar, target.Contacts, target.Mail},
		UserTest: target.Impersonation,
		Help:     help(),
		Expected: func(a target.Account) target.Expected {
			expected := target.Expected{Username: a.Setting(username)}
			if organization := a.Setting(organizationID); organization != "" {
				expected.OrganizationID, expected.OrganizationField = organization, organizationID
			}
			return expected
		},
		SignIn: signIn,
	}
}

// fields binds the authentication in one direction: Basic sends the password with every call, a session only once. Without a
// value the server decides, see [target.WeakerScheme].
func fields() []target.Field {
	return []target.Field{
		{
			Name: serverURL, Type: target.URL, Required: true, Binds: true,
			Fixes: []target.Code{target.SystemNotAvailable, target.Misconfigured},
			Help: "Address of the Domino server's web server, such as `https://mail.example.com`, without a database. It must be " +
				"the server with the users' mail files.",
		},
		{
			Name: username, Type: target.String, Required: true, Binds: true, Canonical: canonicalName, CheckValue: checkName,
			Fixes: []target.Code{target.WrongIdentity},
			Help: "Name of the service account in the Domino Directory: hierarchical name (`Riva Sync/Example`), Internet " +
				"address or short name. The sign-in fails for any other user.",
		},
		{
			Name: authentication, Type: target.String, Allowed: []string{basic, sessionAuth},
			Weakens: target.WeakerScheme([]string{basic, sessionAuth}),
			Help: "How to sign in: `basic`, or `session` for session authentication, as the Server or Web Site document has " +
				"it under Domino Web Engine. Without it, it is detected before a password is sent.",
		},
		{
			Name: organizationID, Type: target.String, Canonical: strings.ToLower,
			Help: "Organization that the service account must belong to: the `O=` of its hierarchical name, such as `Example`. " +
				"Without it, any organization is accepted.",
		},
		{
			Name: password, Type: target.String, Secret: true,
			Fixes: []target.Code{target.GivenCredentials},
			Help:  "Internet password of the service account: that of the Person document, not of the Notes ID.",
		},
		target.CACertificateField("for a server whose certificate a private authority signed"),
	}
}

// checkName rejects a colon, which Basic cannot transmit in a name.
func checkName(value string) error {
	if strings.Contains(value, ":") {
		return errors.New("must not contain a colon")
	}
	return nil
}
