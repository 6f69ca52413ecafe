package signin_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestPendingConnectionIsImportedMovedAndAbandoned(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Protocol().Create(connectionType, pendingValues(env))
	before := stored(t, env)
	c := env.Command(`
import {
  to = riva_connection.crm
  id = "name=Salesforce"
}
` + pending(""))
	acctest.ExpectOutput(t, c.Must("apply", "-auto-approve"), waits, "1 imported, 0 added, 0 changed, 0 destroyed")
	expectNoChanges(t, c, true)

	moved := strings.Replace(pending(`deletion_policy = "abandon"`), `"crm"`, `"renamed"`, 1)
	c.Write(moved + `
moved {
  from = riva_connection.crm
  to   = riva_connection.renamed
}
`)
	acctest.ExpectOutput(t, c.Must("apply", "-auto-approve"), waits, "0 added, 1 changed, 0 destroyed")
	c.Must("destroy", "-auto-approve")
	if after := stored(t, env); after.ID != before.ID || after.AuthorizationID != before.AuthorizationID {
		t.Errorf("the abandoned connection is %+v, and was %+v", after, before)
	}
	env.Person().SignIn("Salesforce")
}

// A pending connection is replaced and destroyed as others are; its link ends with it.
func TestPendingConnectionIsReplacedAndDestroyed(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(pending(""))
	c.Must("apply", "-auto-approve")
	before := stored(t, env)
	out := c.Must("apply", "-auto-approve", "-replace=riva_connection.crm")
	acctest.ExpectOutput(t, out, willWait)
	acctest.ExpectOutput(t, out, waits, "1 added, 0 changed, 1 destroyed")
	if after := stored(t, env); after.ID == before.ID || after.AuthorizationID == "" {
		t.Errorf("replaced by %+v", after)
	}
	c.Must("destroy", "-auto-approve")
	env.ExpectNoConnections()
	if _, err := env.Client().Revalidation(t.Context(), before.ID, before.AuthorizationID); !api.IsNotFound(err) {
		t.Errorf("the sign-in of a destroyed connection: %v", err)
	}
}

// After its sign-in was canceled or has expired, a connection still waits, and the plan still says what to do.
func TestPendingConnectionOutlivesSignIn(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(pending(""))
	c.Must("apply", "-auto-approve")
	found := stored(t, env)
	if err := env.Client().CancelRevalidation(t.Context(), found.ID, found.AuthorizationID); err != nil {
		t.Fatal(err)
	}
	expectNoChanges(t, c, true)
	acctest.ExpectOutput(t, c.Must("plan"), waits, "The last sign-in has ended without success", "authorize", "-- 'Salesforce'")
	person := env.Person()
	person.Pending("Salesforce")
	person.SignIn("Salesforce")
	expectNoChanges(t, c, false)
}

func TestPolicyIsEnabledAfterSignIn(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	policy := func(enabled string) string {
		return pending("") + acctest.Mail("") + `
resource "riva_sync_policy" "both" {
  name                = "Both"
  crm_connection_id   = riva_connection.crm.id
  email_connection_id = riva_connection.mail.id
  interval            = "24h"
  enabled             = ` + enabled + `
}
`
	}
	c := env.Command(policy("false"))
	c.Must("apply", "-auto-approve")
	c.Write(policy("true"))
	out, err := c.Run("apply", "-auto-approve")
	if err == nil {
		t.Error("a policy with a pending connection is enabled")
	}
	acctest.ExpectOutput(t, out, "Invalid Value", "crm_connection_id", `No person has signed in for the connection "Salesforce" yet`,
		"sign in first (terraform-provider-riva authorize", "or set enabled to false")
	env.Person().SignIn("Salesforce")
	c.Must("apply", "-auto-approve")
	if found, err := env.Client().PolicyByName(t.Context(), "Both"); err != nil || !found.Enabled {
		t.Errorf("after the sign-in, the policy is %+v, %v", found, err)
	}
	expectNoChanges(t, c, false)
}

// A data source that tests a pending connection has a result, which a check can show.
func TestTestOfPendingConnectionFails(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(pending("") + acctest.CRMCheck + `
output "passed" {
  value = data.riva_connection_test.crm.passed
}
`)
	out := c.Must("apply", "-auto-approve")
	acctest.ExpectOutput(t, out, "Check block assertion failed", "Given Credentials", "No person has signed in", "What to do next:",
		"terraform-provider-riva authorize")
	if got := strings.TrimSpace(c.Must("output", "-raw", "passed")); got != "false" {
		t.Errorf("the test passed: %s", got)
	}
}
