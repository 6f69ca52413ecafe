package connection_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

const ignoring = "lifecycle {\n    ignore_changes = [exchange]\n  }"

// What is ignored is not sent either with another change: the apply sees the secrets of the configuration, the plan does not.
func TestIgnoredBlockIsNotSent(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail(ignoring))
	c.Must("apply", "-auto-approve")
	signIns := len(env.Exchange.SignInList())
	c.Env = append(c.Env, "TF_VAR_password=another", "TF_VAR_url=https://elsewhere.example.com/EWS/Exchange.asmx")
	c.Must("plan", "-detailed-exitcode")
	c.Write(strings.Replace(acctest.Mail(ignoring), `"Exchange"`, `"Renamed"`, 1))
	out := c.Must("apply", "-auto-approve")
	acctest.ExpectOutput(t, out, "0 added, 1 changed, 0 destroyed")
	c.Must("plan", "-detailed-exitcode")
	if got := len(env.Exchange.SignInList()); got != signIns {
		t.Errorf("a rename signed in %d times", got-signIns)
	}
}

// With ignore_changes, the block of the state stays in the plan beside that of the configuration.
func TestIgnoredBlockAndAnotherSystemAreAnError(t *testing.T) {
	t.Parallel()
	c := acctest.New(t).Command(acctest.Mail(""))
	c.Must("apply", "-auto-approve")
	c.Write(strings.Replace(strings.Replace(acctest.CRM(acctest.JWTBearer, ignoring), `"crm"`, `"mail"`, 1),
		`"Salesforce"`, `"Exchange"`, 1))
	out, err := c.Run("plan")
	if err == nil {
		t.Error("no error")
	}
	acctest.ExpectOutput(t, out, "A Connection Needs Exactly One Target System", "exchange and salesforce")
}
