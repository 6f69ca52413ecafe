package connection_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func ignoring(what string) string { return "lifecycle {\n    ignore_changes = [" + what + "]\n  }" }

// What is ignored is not sent either with another change: the apply sees the secrets of the configuration, the plan does not.
func TestIgnoredSettingsAreNotSent(t *testing.T) {
	t.Parallel()
	const password, url = "TF_VAR_password=another", "TF_VAR_url=https://elsewhere.example.com/EWS/Exchange.asmx"
	for ignored, changed := range map[string][]string{"exchange": {password, url}, "exchange.password_wo": {password}} {
		t.Run(ignored, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			c := env.Command(acctest.Mail(ignoring(ignored)))
			c.Must("apply", "-auto-approve")
			signIns := len(env.Exchange.SignInList())
			c.Env = append(c.Env, changed...)
			c.Must("plan", "-detailed-exitcode")
			c.Write(strings.Replace(acctest.Mail(ignoring(ignored)), `"Exchange"`, `"Renamed"`, 1))
			acctest.ExpectOutput(t, c.Must("apply", "-auto-approve"), "0 added, 1 changed, 0 destroyed")
			c.Must("plan", "-detailed-exitcode")
			if got := len(env.Exchange.SignInList()); got != signIns {
				t.Errorf("a rename signed in %d times", got-signIns)
			}
		})
	}
}

// With ignore_changes, the block of the state stays in the plan beside that of the configuration.
func TestIgnoredBlockAndAnotherSystemAreAnError(t *testing.T) {
	t.Parallel()
	c := acctest.New(t).Command(acctest.Mail(""))
	c.Must("apply", "-auto-approve")
	c.Write(strings.Replace(strings.Replace(acctest.CRM(acctest.JWTBearer, ignoring("exchange")), `"crm"`, `"mail"`, 1),
		`"Salesforce"`, `"Exchange"`, 1))
	out, err := c.Run("plan")
	if err == nil {
		t.Error("no error")
	}
	acctest.ExpectOutput(t, out, "A Connection Needs Exactly One Target System", "exchange and salesforce")
}
