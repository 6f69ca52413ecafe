package netsuite_test

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// A known error has its own first help step, and names the field that it is about.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	const (
		secret = target.GivenCredentials
		trail  = "Setup → Users/Roles → User Management → View Login"
		record = "Setup → Integration → Manage Integrations"
	)
	for code, want := range map[string]conformance.Verdict{
		"INVALID_LOGIN":        {Fault: secret, Field: "token_secret", Certain: true, Help: trail},
		"token_rejected":       {Fault: secret, Field: "token_secret", Certain: true, Help: trail},
		"InvalidSignature":     {Fault: secret, Field: "token_secret", Certain: true, Help: record},
		"UnknownIntegration":   {Fault: secret, Field: "consumer_key", Help: record + ": compare consumer_key"},
		"EntityOrRoleDisabled": {Fault: secret, Field: "username", Help: "Lists → Employees → the user → Access"},
		"InvalidTimestamp":     {Fault: target.Misconfigured, Help: "Correct the clock of this machine"},
		"FeatureDisabled":      {Fault: target.Misconfigured, Help: "Setup → Company → Enable Features"},
		"never_heard_of":       {Fault: secret, Help: target.HelpUnclear, Message: "never_heard_of"},
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			tc := detailedRejection(code)(t)
			want.Verify(t, conformance.RequireFault(t, tc.Account, target.General, ""))
		})
	}
}
