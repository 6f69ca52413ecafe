package syncpolicy_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestEnabledPolicyNamesCommand(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	const title = "Embedded Mode Does Not Schedule Cycles"
	c := env.Command(policy("Mail", "30m", "enabled = false"))
	if out := c.Must("apply", "-auto-approve"); strings.Contains(out, title) {
		t.Errorf("a disabled policy warns:\n%s", out)
	}
	c.Write(policy("Mail", "30m", ""))
	if out := c.Must("apply", "-auto-approve"); !strings.Contains(out, title) ||
		!strings.Contains(out, "run-cycle --data-dir '"+env.DataDir+"' --keyset '"+env.Keyset+"' 'Mail'") {
		t.Errorf("enabling the policy does not name the command:\n%s", out)
	}
	c.Write(policy("Mails", "30m", ""))
	if out := c.Must("apply", "-auto-approve"); strings.Contains(out, title) {
		t.Errorf("renaming an enabled policy warns again:\n%s", out)
	}
}

func TestPolicyChangedSinceThePlanIsNotOverwritten(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(policy("Mail", "30m", ""))
	c.Must("apply", "-auto-approve")
	c.Write(policy("Mail", "45m", ""))
	c.Must("plan", "-out=saved")
	found, err := env.Client().PolicyByName(t.Context(), "Mail")
	if err != nil {
		t.Fatal(err)
	}
	hour := int64(3600)
	if _, err := env.Client().UpdatePolicy(t.Context(), found.ID, 0, api.UpdatePolicy{IntervalSeconds: &hour}); err != nil {
		t.Fatal(err)
	}
	if out, err := c.Run("apply", "saved"); err == nil || !strings.Contains(out, "Changed Outside Terraform Since the Plan") {
		t.Errorf("the stale plan was applied (error %v):\n%s", err, out)
	}
	if found, err = env.Client().Policy(t.Context(), found.ID); err != nil || found.IntervalSeconds != hour {
		t.Errorf("the interval is %d seconds (error %v), want that of the other client", found.IntervalSeconds, err)
	}
	c.Must("apply", "-auto-approve")
}
