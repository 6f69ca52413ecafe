// Package exchange is the target system Microsoft Exchange, on premises: Exchange Web Services (package ews) with Basic,
// NTLM or a client certificate.
//
// Microsoft documents Basic and NTLM for EWS
// (https://learn.microsoft.com/exchange/client-developer/exchange-web-services/authentication-and-ews-in-exchange), and
// certificates for Outlook on the web and ActiveSync only
// (https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/configure-certificate-based-auth). For EWS
// it is IIS, in which Exchange runs, that maps a certificate to an account, or a reverse proxy that demands one besides.
//
// Where EWS is can be left to Autodiscover
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

// expected is the mailbox that the connection names, if it names one.
func expected(a target.Account) target.Expected {
	if address := a.Setting(mailbox); address != "" {
		return target.Expected{Username: address}
	}
	if name := a.Setting(username); strings.Contains(name, "@") {
		return target.Expected{Username: name}
	}
	return target.Expected{}
}
