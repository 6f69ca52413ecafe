package sugarcrm_test

import (
	"testing"

	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sugarcrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// A known error has its own first help step, and names the field that it is about.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		operation, label, text string
		want                   conformance.Verdict
	}{
		"wrong password": {"token", "need_login", "You must specify a valid username and password.", conformance.Verdict{
			Fault: target.GivenCredentials, Field: "password", Certain: true, Help: "Compare the password",
		}},
		"locked": {"token", "need_login", "Too many failed login attempts.", conformance.Verdict{
			Fault: target.GivenCredentials, Field: "username", Certain: true, Help: "Wait as long as Sugar requests",
		}},
		"another language": {"token", "need_login", "Nombre o contraseña no válidos.", conformance.Verdict{
			Fault: target.GivenCredentials, Help: "Sign in to Sugar in a browser", Message: "Nombre",
		}},
		"maintenance": {"token", "need_login", "Sugar is in maintenance mode.", conformance.Verdict{
			Fault: target.SystemNotAvailable, Field: "url", Help: "Wait, or end the maintenance mode",
		}},
		"license": {"token", "need_login", "Your company's license for SugarCRM needs to be renewed.", conformance.Verdict{
			Fault: target.SystemNotAvailable, Field: "url", Help: "Admin → License Management",
		}},
		"platform": {"token", "invalid_parameter", "Invalid platform.", conformance.Verdict{
			Fault: target.Misconfigured, Field: "platform", Help: "Admin → Configure API Platforms",
		}},
		"access token": {"me", "need_login", "You must specify a valid username and password.", conformance.Verdict{
			Fault: target.GivenCredentials, Help: "Test again",
		}},
		"new label": {"me", "never_heard_of", "It.", conformance.Verdict{
			Fault: target.Misconfigured, Field: "url", Message: "It. (never_heard_of)",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, a := starter(t, nil)
			conformance.FailUntilCleared(t, server, sandbox.APIError(test.label).ForOperation(test.operation).WithMessage(test.text))
			test.want.Verify(t, conformance.RequireFault(t, a, target.General, ""))
		})
	}
}
