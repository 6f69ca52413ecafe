package provider_test

import (
	"os"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// Why the plan of deletion_policy alone cannot promise that credentials_updated_at stays: Terraform refuses to apply a plan
// that promised what does not hold.
func TestSecretChangedAfterPlanIsSent(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	c := w.Command(acctest.Mail(""))
	c.Must("apply", "-auto-approve")
	c.Write(acctest.Mail(`deletion_policy = "abandon"`))
	c.Must("plan", "-out=saved.tfplan")
	setPassword(t, w, rotated)
	c.Env = append(c.Env, "TF_VAR_password="+rotated)
	c.Must("apply", "saved.tfplan")
	found, err := w.Client().ConnectionByName(t.Context(), "Exchange")
	if err != nil {
		t.Fatal(err)
	}
	if result, err := w.Client().RunTest(t.Context(), found.ID, api.RunTest{}); err != nil || !result.Passed {
		t.Errorf("with the password given at apply the test passed: %v, error %v", result.Passed, err)
	}
}

func TestDataDirectoryRestored(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	c := w.Command(acctest.Mail(""))
	c.Must("apply", "-auto-approve")
	backup := w.DataDir + "-backup"
	if err := os.Rename(w.DataDir, backup); err != nil {
		t.Fatal(err)
	}
	out, err := c.Run("plan")
	if err == nil || !matchText("This Is Another Control Plane", "If this one is new and empty, remove it first").MatchString(out) {
		t.Fatalf("the plan does not say how to bring the data back (error %v):\n%s", err, out)
	}
	if err := os.RemoveAll(w.DataDir); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(backup, w.DataDir); err != nil {
		t.Fatal(err)
	}
	if out := c.Must("plan"); !strings.Contains(out, "No changes.") {
		t.Errorf("with the data back there is something to do:\n%s", out)
	}
}
