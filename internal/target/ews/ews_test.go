package ews_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	standin "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/ews"
)

// serve runs EWS for an application, or for the service account if there is no application.
func serve(t *testing.T, application string) (*sandbox.Host, *ews.Client) {
	t.Helper()
	directory, err := standin.NewDirectory(standin.Seed(), 0, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	by := standin.Caller{Account: directory.First(), Impersonation: true}
	if application != "" {
		by = standin.Caller{Application: application, Impersonation: true}
	}
	service := standin.New(directory, time.Now())
	host, err := sandbox.Start(sandbox.Options{}, sandbox.System{
		Serve:     func(call *sandbox.Call) sandbox.Response { return service.Serve(call, by) },
		Operation: func(_ *http.Request, body []byte) string { return standin.Operation(body) },
		Kinds:     standin.Kinds,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := host.Close(); err != nil {
			t.Error(err)
		}
	})
	return host, client(t, host.URL()+standin.Path)
}

// An application has no mailbox: every call impersonates a user.
func TestAnchor(t *testing.T) {
	t.Parallel()
	host, c := serve(t, "an application")
	c.Anchor = "svc-riva@example.com"
	if address, err := c.SignIn(t.Context()); err != nil || address != c.Anchor {
		t.Fatalf("signed in as %q, %v", address, err)
	}
	for _, user := range []string{"", "ada@example.com"} {
		for _, test := range []target.Test{target.General, target.Calendar, target.Contacts, target.Mail} {
			owner := user
			if user == "" {
				owner = c.Anchor
			}
			message, err := c.Run(t.Context(), test, user)
			if err != nil || !strings.Contains(message.String(), owner) {
				t.Errorf("%s of %q: %q, %v", test, user, message, err)
			}
			requests := host.Requests()
			last := requests[len(requests)-1]
			if last.Account != owner || last.Header.Get("X-AnchorMailbox") != owner {
				t.Errorf("%s of %q: for %q, anchored at %q", test, user, last.Account, last.Header.Get("X-AnchorMailbox"))
			}
		}
	}
	_, err := c.Run(t.Context(), target.Mail, "nobody@example.com")
	if fault, ok := target.AsFault(err); !ok || !fault.Message.Contains("No mailbox has the address nobody@example.com") {
		t.Errorf("without a user: %v", err)
	}
}

func TestSendFaultIsReturned(t *testing.T) {
	t.Parallel()
	_, c := serve(t, "")
	known := &target.Fault{Code: target.GivenCredentials, Message: target.Say("%s", "No token.")}
	c.Send = func(*http.Request) (call.Response, error) { return call.Response{}, known }
	if got := requireFault(t, c); got != known {
		t.Errorf("a fault: got %v", got)
	}
	c.Send = func(*http.Request) (call.Response, error) { return call.Response{}, errors.New("cut") }
	if got := requireFault(t, c); got.Code != target.SystemNotAvailable || !got.Message.Contains("Cut.") {
		t.Errorf("another error: got %v", got)
	}
}

// ResponseFault is used for responses that are not from EWS itself only.
func TestResponseFault(t *testing.T) {
	t.Parallel()
	explain := func(call.Response) *target.Fault { return &target.Fault{Code: target.WrongIdentity} }
	for body, want := range map[string]target.Code{
		"": target.WrongIdentity,
		envelope(`<Fault><faultcode>a:ErrorAccessDenied</faultcode></Fault>`): target.InsufficientPermission,
	} {
		c := respond(t, http.StatusUnauthorized, nil, body)
		c.ResponseFault = explain
		if got := requireFault(t, c); got.Code != want {
			t.Errorf("%q: got %v, want %s", body, got, want)
		}
	}
}

func TestProductName(t *testing.T) {
	t.Parallel()
	_, c := serve(t, "")
	if _, err := c.SignIn(t.Context()); err != nil {
		t.Fatal(err)
	}
	message, err := c.Run(t.Context(), target.General, "")
	const want = "Signed in as svc-riva@example.com. The server runs Exchange Server 2019 or SE (15.2.1544)."
	if message.String() != want || err != nil {
		t.Errorf("got %q, %v", message, err)
	}
	if _, err := c.Run(t.Context(), target.Metadata, ""); err == nil {
		t.Error("a test that is not offered passed")
	}
}
