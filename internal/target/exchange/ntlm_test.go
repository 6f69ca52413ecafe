package exchange_test

import (
	"slices"
	"strings"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ntlm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// With NTLM over TLS, the proof is bound to the certificate of the server, in all modes of Extended Protection.
func TestNTLMHasChannelBinding(t *testing.T) {
	t.Parallel()
	for _, mode := range []ntlm.Protection{ntlm.Ignore, ntlm.Allow, ntlm.Require} {
		server := start(t, sandbox.Options{
			Options: sandboxcore.Options{TLS: &sandboxcore.TLS{}}, Schemes: []sandbox.Scheme{sandbox.NTLM}, Protection: mode,
		})
		conformance.RequirePass(t, account(server, "authentication", "ntlm"), target.General, "")
		if got := server.SignIns(); got.Accepted == 0 || got.Rejected != 0 {
			t.Errorf("mode %q: %+v", mode, got)
		}
	}
}

// A proxy in between that ends TLS breaks Extended Protection, and the help says so. The stand-in cannot bind a proof without
// TLS.
func TestExtendedProtectionIsInTheHelp(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{Schemes: []sandbox.Scheme{sandbox.NTLM}, Protection: ntlm.Require})
	fault := conformance.RequireFault(t, account(server, "authentication", "ntlm"), target.General, "")
	named := slices.ContainsFunc(fault.Help, func(step string) bool { return strings.Contains(step, "Extended Protection") })
	if fault.Code != target.GivenCredentials || !fault.Certain || !named {
		t.Errorf("got %+v", fault)
	}
	for _, request := range server.Requests() {
		if strings.HasPrefix(request.Header.Get("Authorization"), "Basic") {
			t.Error("the password was sent")
		}
	}
}
