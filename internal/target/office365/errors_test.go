package office365_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	mailboxes "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/office365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/office365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/errortabletest"
)

func TestErrorTable(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("errors.tsv")
	requireNoError(t, err)
	errortabletest.Check(t, string(table), "testdata/vendor-codes.txt", office365.System())
}

// Faults name the cause, the field that the error is about, and the step that fixes it. Nothing that an API says about an access
// token is certain about the secret.
func TestCausesOfErrors(t *testing.T) {
	t.Parallel()
	graphError := func(code string, status int) sandboxcore.Fault {
		return withStatus(sandbox.GraphError(code), status).ForOperation("mailFolders")
	}
	const mailbox = "validation_email"
	for name, test := range map[string]struct {
		api, grant string
		failure    sandboxcore.Fault
		user       string
		fault      target.Code
		field      string
		unclear    bool
		help       string // a part of the first step
	}{
		"no Exchange Online": {
			graph, clientSecret, graphError("OrganizationFromTenantGuidNotFound", http.StatusUnauthorized), "",
			target.UserNotFound, mailbox, false, "no Exchange Online",
		},
		"no Exchange Online, not found": {
			graph, clientSecret, graphError("OrganizationFromTenantGuidNotFound", http.StatusNotFound), "", target.UserNotFound, mailbox,
			false, "no Exchange Online",
		},
		"no mailbox": {
			graph, clientSecret, graphError("ResourceNotFound", http.StatusNotFound), "", target.UserNotFound, mailbox, false, "license",
		},
		"no mailbox of a user": {
			graph, clientSecret, graphError("ResourceNotFound", http.StatusNotFound), ada, target.UserNotFound, "", false, "license",
		},
		"unknown code with 401": {
			graph, clientSecret, graphError("NeverHeardOf", http.StatusUnauthorized), "", target.GivenCredentials, "", true, "proxy",
		},
		"unknown code with 403": {
			graph, refreshToken, graphError("NeverHeardOf", http.StatusForbidden), "", target.InsufficientPermission, "", true, "proxy",
		},
		"rejected token": {
			graph, refreshToken, graphError("InvalidAuthenticationToken", http.StatusUnauthorized), "", target.GivenCredentials, "", true,
			"clock",
		},
		"claims challenge": {
			graph, refreshToken, sandbox.ClaimsChallenge(), "", target.GivenCredentials, refreshToken, true, "sign in again",
		},
		"claims challenge of an app": {
			graph, clientSecret, sandbox.ClaimsChallenge(), "", target.GivenCredentials, "", true, "sign in again",
		},
		"right outside the scope": {
			graph, clientSecret, graphError("ErrorAccessDenied", http.StatusForbidden), ada,
			target.InsufficientPermission, "client_id", false, "Test-ServicePrincipalAuthorization",
		},
		"code of Exchange": {
			graph, clientSecret, graphError("ErrorMailboxFailover", http.StatusBadRequest), "", target.SystemNotAvailable, "", false,
			"Sign in to Outlook",
		},
		"expired password behind Graph": {
			graph, clientSecret, graphError("ErrorPasswordExpired", http.StatusForbidden), "", target.UserNotFound, mailbox, false,
			"about the user",
		},

		"EWS, unknown code": {
			ews, clientSecret, mailboxes.ItemError("ErrorNeverHeardOf"), "", target.SystemNotAvailable, "", false, "Sign in to Outlook",
		},
		"EWS, no mailbox": {
			ews, clientSecret, mailboxes.SOAPFault("ErrorMissingEmailAddress"), "", target.UserNotFound, mailbox, false, "about the user",
		},
		"EWS, no mailbox of the user who signed in": {
			ews, refreshToken, mailboxes.SOAPFault("ErrorMissingEmailAddress"), "", target.UserNotFound, mailbox, false, "admin center",
		},
		"EWS, disabled mailbox": {
			ews, clientSecret, mailboxes.SOAPFault("ErrorAccountDisabled"), "", target.UserNotFound, mailbox, false, "about the user",
		},
		"EWS, disabled user who signed in": {
			ews, refreshToken, mailboxes.SOAPFault("ErrorAccountDisabled"), "", target.GivenCredentials, "username", true, "who signed in",
		},
		"EWS, impersonation": {
			ews, clientSecret, mailboxes.SOAPFault("ErrorImpersonateUserDenied"), "",
			target.InsufficientPermission, "client_id", false, "Entra",
		},
		"EWS, rejected token": {
			ews, clientSecret, sandbox.EWSDiagnostics("invalid_lifetime"), "", target.GivenCredentials, "", true, "clock",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, sandbox.Options{})
			requireNoError(t, server.Fail(test.failure, sandboxcore.UntilCleared))
			fault := conformance.RequireFault(t, account(t, server, test.api, test.grant), target.General, test.user)
			if fault.Code != test.fault || fault.Field != test.field || fault.Certain || fault.Unclear != test.unclear ||
				!strings.Contains(fault.Help[0], test.help) || !fault.Message.Contains(test.failure.Code) {
				t.Errorf("got %+v at %q, certain %t, unclear %t, with %q", fault, fault.Field, fault.Certain, fault.Unclear, fault.Help[0])
			}
		})
	}
}
