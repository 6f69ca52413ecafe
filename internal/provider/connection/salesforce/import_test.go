package salesforce_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// createCRMOutside creates the connection to Salesforce without Terraform, with the key.
func createCRMOutside(t *testing.T, env *acctest.Environment) api.Connection {
	t.Helper()
	connection, err := env.Client().CreateConnection(t.Context(), api.CreateConnection{
		Name: "Salesforce", System: "salesforce",
		Settings: map[string]string{
			"username": env.Salesforce.Service().Username, "login_url": env.Salesforce.LoginURL(),
			"client_id": env.Salesforce.App().ConsumerKey,
		},
		Credentials: map[string]string{"private_key": env.Salesforce.App().PrivateKey},
	})
	if err != nil {
		t.Fatalf("create a connection outside of Terraform: %v", err)
	}
	return connection
}

func importCRM(id string) string {
	return fmt.Sprintf("\nimport {\n  to = riva_connection.crm\n  id = %q\n}\n", id)
}

func TestImportOfSalesforce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		id     func(api.Connection) string
		lines  string
		change func(*testing.T, *acctest.Environment)
		want   plancheck.ResourceActionType
	}{
		"by id, with the right key": {
			id:    func(c api.Connection) string { return c.ID },
			lines: acctest.JWTBearer, want: plancheck.ResourceActionNoop,
		},
		"by name, without a secret": {
			id:    func(api.Connection) string { return "name=salesforce" },
			lines: "login_url = var.login_url", want: plancheck.ResourceActionNoop,
		},
		"with another key": {
			id:    func(api.Connection) string { return "name=Salesforce" },
			lines: acctest.JWTBearer, want: plancheck.ResourceActionUpdate,
			change: func(t *testing.T, env *acctest.Environment) {
				t.Helper()
				if _, err := env.Salesforce.RotateKey(); err != nil {
					t.Fatal(err)
				}
			},
		},
		"with another grant": {
			id:    func(api.Connection) string { return "name=Salesforce" },
			lines: acctest.RefreshToken, want: plancheck.ResourceActionUpdate,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			connection := createCRMOutside(t, env)
			if c.change != nil {
				c.change(t, env)
			}
			step := env.Step(acctest.CRM(c.lines, "") + importCRM(c.id(connection)) + acctest.CRMCheck)
			step.ConfigPlanChecks = acctest.Planned(crmConnection, c.want)
			step.ConfigStateChecks = expectCRMTestPassed()
			env.Test(step)
		})
	}
}
