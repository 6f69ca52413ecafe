package signin_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

type values = acctest.Values

const (
	connectionType   = "riva_connection"
	revalidateAction = "riva_revalidate_connection"

	willWait = `Connection "Salesforce" Will Wait for a Person to Sign In`
	waits    = `Connection "Salesforce" Waits for a Person to Sign In`

	// withoutSecret are the lines of a connection to Salesforce without a secret.
	withoutSecret = "login_url = var.login_url"
)

// pending is the usual connection to Salesforce without a secret.
func pending(more string) string { return acctest.CRM(withoutSecret, more) }

// pendingValues are the attributes of that connection.
func pendingValues(env *acctest.Environment) values {
	return values{"name": "Salesforce", "salesforce": values{
		"login_url": env.Salesforce.LoginURL(), "username": env.Salesforce.Service().Username,
		"client_id": env.Salesforce.App().ConsumerKey,
	}}
}

// stored reads the connection to Salesforce.
func stored(t *testing.T, env *acctest.Environment) api.Connection {
	t.Helper()
	found, err := env.Client().ConnectionByName(t.Context(), "Salesforce")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// expectNoChanges expects an empty plan, and a warning that the connection waits or none at all.
func expectNoChanges(t *testing.T, c *acctest.Command, waiting bool) {
	t.Helper()
	out, err := c.Run("plan", "-detailed-exitcode")
	warned := strings.Contains(out, "a Person to Sign In")
	if err != nil || warned != waiting || waiting && !acctest.MatchText(waits, "authorize").MatchString(out) {
		t.Errorf("the plan ends with %v, and warns that the connection waits: %t, want %t\n%s", err, warned, waiting, out)
	}
}
