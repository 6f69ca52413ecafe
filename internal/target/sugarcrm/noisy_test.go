package sugarcrm_test

import (
	"net/url"
	"testing"

	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sugarcrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// A server that prints messages of PHP before its JSON signs in, and its errors are read.
func TestNoticesBeforeJSONAreIgnored(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	at, err := url.Parse(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	for _, before := range append(conformance.PHPNotices(), "\uFEFF") {
		a := account(server, "url", conformance.Noisy(t, server.URL(), before)+at.Path)
		conformance.RequirePass(t, a, target.Contacts, "ada@example.com")
		a.Credentials["password"], a.Tokens = "wrong", new(target.Tokens)
		if fault := conformance.RequireFault(t, a, target.General, ""); fault.Code != target.GivenCredentials || !fault.Certain {
			t.Errorf("%q: got %+v", before, fault)
		}
	}
}
