package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/acctest"
)

// testedMail is the usual connection, tested after every change of it.
var testedMail = acctest.Mail(`
  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.riva_test_connection.changed]
    }
  }
`) + `
action "riva_test_connection" "changed" {
  config {
    connection_id = riva_connection.mail.id
  }
}
`

func TestActionIsTriggeredByAnUpdate(t *testing.T) {
	t.Parallel()
	acctest.Since(t, tfversion.SkipBelow(tfversion.Version1_14_0))
	w := acctest.New(t)
	c := w.Command(testedMail)
	passed := says("riva_test_connection.changed", `Testing the connection "Exchange"`, "sign_in: passed", "Actions: 1 invoked.")
	if said := c.Must("apply", "-auto-approve"); !passed.MatchString(said) {
		t.Errorf("the new connection was not tested:\n%s", said)
	}
	if said := c.Must("apply", "-auto-approve"); strings.Contains(said, "Testing the connection") {
		t.Errorf("a connection that did not change was tested:\n%s", said)
	}
	setPassword(t, w, rotated)
	if said := c.Must("apply", "-auto-approve"); !passed.MatchString(said) {
		t.Errorf("the connection was not tested with its new password:\n%s", said)
	}
	if said, err := c.Run("plan", "-detailed-exitcode"); err != nil {
		t.Errorf("after the action there is something to change: %v\n%s", err, said)
	}
}

func TestActionIsInvokedByHand(t *testing.T) {
	t.Parallel()
	acctest.Since(t, tfversion.SkipBelow(tfversion.Version1_14_0))
	w := acctest.New(t)
	c := w.Command(overBoth("30m") + `
action "riva_test_connection" "mail" {
  config {
    connection_id = riva_connection.mail.id
    account       = "user"
    user_email    = "ada@example.com"
    test          = "calendar"
  }
}

action "riva_revalidate_connection" "crm" {
  config {
    connection_id = riva_connection.crm.id
  }
}

action "riva_run_sync_cycle" "both" {
  config {
    policy_id = riva_sync_policy.both.id
  }
}
`)
	c.Must("apply", "-auto-approve")
	for action, words := range map[string][]string{
		"action.riva_test_connection.mail":      {"as the user ada@example.com", "calendar: passed"},
		"action.riva_revalidate_connection.crm": {"Re-validating", "Connection has been configured successfully!"},
		"action.riva_run_sync_cycle.both":       {"2 users to check", "[1/2] passed", "[2/2] passed", "0 with a fault"},
	} {
		if said := c.Must("apply", "-auto-approve", "-invoke="+action); !says(words...).MatchString(said) {
			t.Errorf("%s said\n%s\nwant %q", action, said, words)
		}
	}
	if said, err := c.Run("plan", "-detailed-exitcode"); err != nil {
		t.Errorf("after the actions there is something to change: %v\n%s", err, said)
	}

	if err := w.Exchange.Down(); err != nil {
		t.Fatal(err)
	}
	said, err := c.Run("apply", "-auto-approve", "-invoke=action.riva_test_connection.mail")
	if err == nil || !says("Error: ", unavailable, "did not pass", "What to do next:", "1. ").MatchString(said) {
		t.Errorf("the action that fails ended with %v and said\n%s", err, said)
	}
}
