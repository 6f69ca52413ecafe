package exchange_test

import (
	"strings"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// Faults name the cause, the field that the error is about, and the step that fixes it.
func TestCausesOfErrors(t *testing.T) {
	t.Parallel()
	const ada, own, delegates = "ada@example.com", "needs a mailbox of its own", "delegate"
	byCertificate := variant{certificate: true, settings: target.Settings{"authentication": "certificate"}}
	withMailbox := variant{settings: target.Settings{"mailbox": "svc-riva@example.com"}}
	for name, test := range map[string]struct {
		variant variant
		failure sandboxcore.Fault
		user    string
		fault   target.Code
		field   string
		certain bool
		help    string // a part of the first step
	}{
		"unknown code": {variant{}, ews.ItemError("ErrorNeverHeardOf"), "", target.SystemNotAvailable, "", false, "Sign in to Outlook"},
		"unknown code of a request": {
			variant{}, ews.SOAPFault("ErrorNeverHeardOf"), "", target.SystemNotAvailable, "", false, "Sign in to Outlook",
		},
		"no responding server": {
			variant{}, ews.ItemError("ErrorNoRespondingCASInDestinationSite"), "", target.SystemNotAvailable, "", false, "Client Access",
		},
		"no mailbox": {
			variant{}, ews.SOAPFault("ErrorMissingEmailAddress"), "", target.UserNotFound, "username", false, own,
		},
		"no mailbox of that address": {
			variant{}, ews.SOAPFault("ErrorNonExistentMailbox"), "", target.UserNotFound, "username", false, own,
		},
		"no such mailbox": {
			withMailbox, ews.SOAPFault("ErrorNonExistentMailbox"), "", target.UserNotFound, "mailbox", false, own,
		},
		"mailbox disappears": {
			withMailbox, ews.ItemError("ErrorNonExistentMailbox").ForOperation("FindItem"), "", target.UserNotFound, "mailbox", false, own,
		},
		"user without a mailbox": {
			withMailbox, ews.SOAPFault("ErrorMissingEmailAddress").ForOperation("FindItem"), ada, target.UserNotFound, "", false,
			"about the user",
		},
		"disabled": {
			variant{}, ews.SOAPFault("ErrorAccountDisabled"), "", target.GivenCredentials, "username", true, "Enable Account",
		},
		"expired": {
			variant{}, ews.SOAPFault("ErrorPasswordExpired"), "", target.GivenCredentials, "password", true, "Reset Password",
		},
		"expired, with a certificate": {
			byCertificate, ews.SOAPFault("ErrorPasswordExpired"), "", target.GivenCredentials, "username", true, "Reset Password",
		},
		"disabled user": {
			variant{}, ews.SOAPFault("ErrorAccountDisabled").ForOperation("FindItem"), ada, target.UserNotFound, "", false,
			"about the user",
		},
		"expired user": {
			variant{}, ews.SOAPFault("ErrorPasswordExpired").ForOperation("FindItem"), ada, target.UserNotFound, "", false,
			"about the user",
		},
		"disabled delegate": {
			variant{settings: target.Settings{"access": delegates}}, ews.SOAPFault("ErrorAccountDisabled").ForOperation("FindItem"), ada,
			target.GivenCredentials, "username", true, "Enable Account",
		},
		"damaged calendar": {
			variant{}, ews.ItemError("ErrorCalendarInvalidPropertyState").ForOperation("FindItem"), ada, target.Misconfigured, "", false,
			"New-MailboxRepairRequest",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, a := test.variant.start(t, nil)
			conformance.FailUntilCleared(t, server, test.failure)
			_, err := conformance.RunTest(t, a, target.Calendar, test.user)
			fault, ok := target.AsFault(err)
			if !ok {
				t.Fatalf("got %v, want a fault", err)
			}
			if fault.Code != test.fault || fault.Field != test.field || fault.Certain != test.certain || fault.Unclear ||
				!strings.Contains(fault.Help[0], test.help) || !fault.Message.Contains(test.failure.Code) {
				t.Errorf("got %+v at %q, certain %t, unclear %t, with %q", fault, fault.Field, fault.Certain, fault.Unclear, fault.Help[0])
			}
		})
	}
}
