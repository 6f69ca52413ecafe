// Package exchange is the target system Microsoft Exchange, on premises: Exchange Web Services (EWS) with Basic or NTLM.
//
// EWS is SOAP over one address. A sign-in is the first call that the server answers: it opens the root folder of the
// service account's mailbox, and asks whose folder that is. A test reads a folder, of that mailbox or, with application
// impersonation, of a user's.
package exchange

import (
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// The values of the field authentication.
const (
	basic = "basic"
	ntlm  = "ntlm"
)

// System declares Microsoft Exchange.
func System() *target.System {
	return &target.System{
		Name:  "exchange",
		Title: "Microsoft Exchange",
		Kind:  target.Email,
		Description: "Microsoft Exchange Server on premises, over Exchange Web Services (EWS). The service account needs a " +
			"mailbox of its own and, to act for users, the management role `ApplicationImpersonation`.",
		Fields: []target.Field{
			{
				Name: "ews_url", Type: target.URL, Required: true, Binds: true,
				Mends: []target.Code{target.SystemNotAvailable, target.Misconfigured},
				Help:  "Address of Exchange Web Services, such as `https://mail.example.com/EWS/Exchange.asmx`.",
			},
			{
				Name: "username", Type: target.String, Required: true, Binds: true, Canonical: strings.ToLower,
				Mends: []target.Code{target.InsufficientPermission},
				Help:  "Service account: its user principal name (`svc-riva@example.com`) or `DOMAIN\\name`.",
			},
			{
				Name: "password", Type: target.String, Secret: true,
				Mends: []target.Code{target.GivenCredentials},
				Help:  "Password of the service account.",
			},
			{
				Name: "authentication", Type: target.String, Default: basic, Allowed: []string{basic, ntlm},
				Help: "How the service account signs in: `basic` sends the password over TLS, `ntlm` sends a proof of it.",
			},
			{
				Name: "mailbox", Type: target.EmailAddress,
				Mends: []target.Code{target.WrongIdentity},
				Help: "Primary SMTP address of the service account's mailbox; whoever else signs in is refused. Without it, " +
					"`username` counts as that address if it contains an `@`.",
			},
			{
				Name: target.CACertificate, Type: target.Certificates,
				Help: "Certificates (PEM) to trust in addition to those of the operating system, for a server whose " +
					"certificate a private authority signed.",
			},
		},
		Grants:   []target.Grant{{Name: "password", Secrets: []string{"password"}}},
		Tests:    []target.Test{target.General, target.Impersonation, target.Calendar, target.Contacts, target.Mail},
		UserTest: target.Impersonation,
		Help:     help(),
		Expected: expected,
		SignIn:   signIn,
	}
}

// expected is the mailbox that the connection names, if it names one.
func expected(a target.Account) target.Expected {
	if mailbox := a.Setting("mailbox"); mailbox != "" {
		return target.Expected{Username: mailbox}
	}
	if username := a.Setting("username"); strings.Contains(username, "@") {
		return target.Expected{Username: username}
	}
	return target.Expected{}
}
