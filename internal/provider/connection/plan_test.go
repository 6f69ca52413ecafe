package connection_test

import (
	"strings"
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

func TestSavedPlanNoticesWhatChangedSince(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*testing.T, *acctest.Environment, api.Connection) error{
		"renamed": func(t *testing.T, env *acctest.Environment, c api.Connection) error {
			t.Helper()
			theirs := "Theirs"
			_, err := env.Client().UpdateConnection(t.Context(), c.ID, 0, api.UpdateConnection{Name: &theirs})
			return err
		},
		"password replaced": func(t *testing.T, env *acctest.Environment, c api.Connection) error {
			t.Helper()
			env.SetPassword(acctest.NewPassword)
			_, err := env.Client().UpdateCredentials(t.Context(), c.ID, 0,
				api.UpdateCredentials{Credentials: map[string]string{"password": acctest.NewPassword}})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			c := env.Command(acctest.Mail(""))
			c.Must("apply", "-auto-approve")
			c.Write(strings.ReplaceAll(acctest.Mail(""), `"Exchange"`, `"Mine"`))
			c.Must("plan", "-out=saved.tfplan")
			c.Env = append(c.Env, "TF_VAR_password="+env.Password())
			found, err := env.Client().ConnectionByName(t.Context(), "Exchange")
			if err != nil {
				t.Fatal(err)
			}
			if err := change(t, env, found); err != nil {
				t.Fatal(err)
			}
			out, err := c.Run("apply", "saved.tfplan")
			if err == nil || !strings.Contains(out, "Changed Outside Terraform Since the Plan") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
