package connection_test

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// This is why a plan of deletion_policy alone plans credentials_updated_at as unknown: Terraform rejects an apply whose result
// differs from the plan.
func TestSecretChangedAfterPlanIsSent(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail(""))
	c.Must("apply", "-auto-approve")
	c.Write(acctest.Mail(`deletion_policy = "abandon"`))
	c.Must("plan", "-out=saved.tfplan")
	env.SetPassword(acctest.NewPassword)
	c.Env = append(c.Env, "TF_VAR_password="+acctest.NewPassword)
	c.Must("apply", "saved.tfplan")
	found, err := env.Client().ConnectionByName(t.Context(), "Exchange")
	if err != nil {
		t.Fatal(err)
	}
	if result, err := env.Client().RunTest(t.Context(), found.ID, api.RunTest{}); err != nil || !result.Passed {
		t.Errorf("with the password given at apply the test passed: %v, error %v", result.Passed, err)
	}
}
