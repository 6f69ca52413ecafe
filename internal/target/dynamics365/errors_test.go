package dynamics365_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/dynamics365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/dynamics365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/errortabletest"
)

func TestErrorTable(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("errors.tsv")
	requireNoError(t, err)
	errortabletest.Check(t, string(table), "testdata/vendor-codes.txt", dynamics365.System())
}

// cause is what a fault must say about an error.
type cause struct {
	fault   target.Code
	field   string
	unclear bool
	help    string // a part of the first step
}

func (want cause) verify(t *testing.T, fault *target.Fault) {
	t.Helper()
	if fault.Code != want.fault || fault.Field != want.field || fault.Certain || fault.Unclear != want.unclear ||
		!strings.Contains(fault.Help[0], want.help) {
		t.Errorf("got %+v at %q, certain %t, unclear %t, with %q", fault, fault.Field, fault.Certain, fault.Unclear, fault.Help[0])
	}
}

// Faults name the cause, the field that the error is about, and the step that fixes it. Nothing that the Web API says is certain
// about the secret.
func TestCausesOfErrors(t *testing.T) {
	t.Parallel()
	withStatus := func(code string, status int) sandboxcore.Fault {
		f := sandbox.Error(code).ForOperation("whoami")
		f.Status = status
		return f
	}
	const firewall, notAMember = "IP firewall", "New app user"
	for name, test := range map[string]struct {
		failure sandboxcore.Fault
		want    cause
	}{
		"disabled application user": {
			withStatus("0x80040225", http.StatusForbidden), cause{target.GivenCredentials, "client_id", true, "select Activate"},
		},
		"disabled since": {
			withStatus("0x8004A112", http.StatusUnauthorized), cause{target.GivenCredentials, "client_id", true, "select Activate"},
		},
		"no application user": {
			withStatus("0x80072560", http.StatusForbidden), cause{target.InsufficientPermission, "client_id", false, notAMember},
		},
		"administration mode": {
			withStatus("0x8004a113", http.StatusForbidden), cause{target.SystemNotAvailable, "", false, "Administration mode"},
		},
		"administration mode with another code": {
			withStatus("0x80040220", http.StatusForbidden).WithMessage("The environment is in Administration Mode."),
			cause{target.SystemNotAvailable, "", false, "Administration mode"},
		},
		"blocked address": {
			withStatus("0x80095ffe", http.StatusForbidden), cause{target.InsufficientPermission, "", false, firewall},
		},
		"rejected token": {
			withStatus("0x8005f101", http.StatusUnauthorized), cause{target.GivenCredentials, "", true, "clock"},
		},
		"unknown code with 401": {
			withStatus("0x8fffffff", http.StatusUnauthorized), cause{target.GivenCredentials, "", true, "proxy"},
		},
		"unknown code with 403": {
			withStatus("0x8fffffff", http.StatusForbidden), cause{target.InsufficientPermission, "", true, "proxy"},
		},
		"wrong address": {
			withStatus("0x8006088a", http.StatusNotFound), cause{target.Misconfigured, "url", false, "Environment URL"},
		},
		"failure of the server": {
			withStatus("0x8006088a", http.StatusInternalServerError), cause{target.SystemNotAvailable, "", false, "Sign in to"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, sandbox.Options{})
			conformance.FailUntilCleared(t, server, test.failure)
			fault := conformance.RequireFault(t, account(t, server, clientSecret), target.General, "")
			test.want.verify(t, fault)
			if text := fault.Message.String(); !strings.Contains(text, strings.ToLower(test.failure.Code)) {
				t.Errorf("%q lacks the code", text)
			}
		})
	}
}

// An environment in administration mode may respond without an error code.
func TestAdministrationModeWithoutCode(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	for body, want := range map[string]cause{
		"":                                   {target.InsufficientPermission, "", true, "proxy"},
		"Access is denied by the gateway.":   {target.Misconfigured, "url", true, "proxy"},
		"The organization is in admin mode.": {target.SystemNotAvailable, "", false, "Administration mode"},
		"<html>In administration mode since 9 AM.": {target.SystemNotAvailable, "", false, "Administration mode"},
	} {
		environment := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, body)
		}))
		t.Cleanup(environment.Close)
		a := account(t, server, clientSecret)
		a.Tokens.SetAccess(&oauth2.Token{AccessToken: "taken"})
		a.Settings["url"] = environment.URL
		fault := conformance.RequireFault(t, a, target.General, "")
		want.verify(t, fault)
		if text := fault.Message.String(); want.fault == target.SystemNotAvailable && !strings.Contains(text, "mode") {
			t.Errorf("%q: got the message %q", body, text)
		}
	}
}
