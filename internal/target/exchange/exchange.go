// Package exchange is the target system Microsoft Exchange, on premises: it calls Exchange Web Services (package ews), and
// signs in with Basic, NTLM or a client certificate.
//
// Microsoft documents Basic and NTLM for EWS
// (https://learn.microsoft.com/exchange/client-developer/exchange-web-services/authentication-and-ews-in-exchange), and
// certificates for Outlook on the web and ActiveSync only
// (https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/configure-certificate-based-auth). For EWS,
// the IIS of Exchange maps a certificate to an account, or a reverse proxy requires one in addition to a password.
//
// The address of EWS can be found with Autodiscover
// (https://learn.microsoft.com/exchange/client-developer/exchange-web-services/autodiscover-for-exchange).
package exchange

import (
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// The values of the field authentication.
const (
	basic       = "basic"
	ntlm        = "ntlm"
	certificate = "certificate"
)

// System declares Microsoft Exchange.
func System() *target.System {
	return &target.System{
		Name:  "exchange",
		Title: "Microsoft Exchange",
		Kind:  target.Email,
		Description: "Microsoft Exchange Server on premises, over Exchange Web Services (EWS). The service account needs a " +
			"mailbox of its own and, to act for users, the management role `ApplicationImpersonation` or rights on their " +
			"mailboxes.",
		Fields:   fields(),
		Grants:   grants(),
		Check:    checkSettings,
		Tests:    []target.Test{target.General, target.Impersonation, target.Calendar, target.Contacts, target.Mail},
		UserTest: target.Impersonation,
		Help:     help(),
		Expected: expected,
		SignIn:   signIn,
	}
}

// expected returns the mailbox of the connection, if it is set.
func expected(a target.Account) target.Expected {
	if address := a.Setting(mailbox); address != "" {
		return target.Expected{Username: address}
	}
	if name := a.Setting(username); strings.Contains(name, "@") {
		return target.Expected{Username: name}
	}
	return target.Expected{}
}
