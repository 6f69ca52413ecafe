package connection_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
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
	acctest.RequireVersion(t, tfversion.SkipBelow(tfversion.Version1_14_0))
	env := acctest.New(t)
	c := env.Command(testedMail)
	passed := acctest.MatchText(
		"riva_test_connection.changed", `Testing the connection "Exchange"`, "sign_in: passed", "Actions: 1 invoked.")
	if out := c.Must("apply", "-auto-approve"); !passed.MatchString(out) {
		t.Errorf("the new connection was not tested:\n%s", out)
	}
	if out := c.Must("apply", "-auto-approve"); strings.Contains(out, "Testing the connection") {
		t.Errorf("a connection that did not change was tested:\n%s", out)
	}
	env.SetPassword(acctest.NewPassword)
	if out := c.Must("apply", "-auto-approve"); !passed.MatchString(out) {
		t.Errorf("the connection was not tested with its new password:\n%s", out)
	}
	if out, err := c.Run("plan", "-detailed-exitcode"); err != nil {
		t.Errorf("after the action there is something to change: %v\n%s", err, out)
	}
}

// A change stays stored when the action after it fails, and nothing is tainted: the next plan is empty.
func TestFailedActionKeepsChange(t *testing.T) {
	t.Parallel()
	acctest.RequireVersion(t, tfversion.SkipBelow(tfversion.Version1_14_0))
	for name, begin := range map[string]string{"after a create": "", "after an update": testedMail} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			c := env.Command(begin)
			c.Must("apply", "-auto-approve")
			if err := env.Exchange.Down(); err != nil {
				t.Fatal(err)
			}
			// Neither a rename nor an update without verification calls the target system. So the action finds the fault.
			changed := strings.Replace(testedMail, `name = "Exchange"`, `name = "Mail"`, 1)
			c.Write(strings.Replace(changed, "lifecycle {", "verify_credentials = false\nlifecycle {", 1))
			out, err := c.Run("apply", "-auto-approve")
			failed := acctest.MatchText(`Testing the connection "Mail"`, "sign_in: failed", "Error: ",
				target.SystemNotAvailable.Title(), "did not pass", "What to do next:")
			if err == nil || !failed.MatchString(out) {
				t.Errorf("the apply ended with %v and the output\n%s", err, out)
			}
			if found, err := env.Client().ConnectionByName(t.Context(), "Mail"); err != nil {
				t.Errorf("the change is not stored: %v, %v", found, err)
			}
			if shown := c.Must("show"); !strings.Contains(shown, `"Mail"`) || strings.Contains(shown, "tainted") {
				t.Errorf("the state is\n%s", shown)
			}
			if out, err := c.Run("plan", "-detailed-exitcode"); err != nil {
				t.Errorf("the next plan is not empty: %v\n%s", err, out)
			}
		})
	}
}

func TestActionRevalidatesWithUpdatedSecret(t *testing.T) {
	t.Parallel()
	acctest.RequireVersion(t, tfversion.SkipBelow(tfversion.Version1_14_0))
	env := acctest.New(t)
	c := env.Command(acctest.CRM(acctest.RefreshToken, `
  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.riva_revalidate_connection.changed]
    }
  }
`) + `
action "riva_revalidate_connection" "changed" {
  config {
    connection_id = riva_connection.crm.id
  }
}
`)
	c.Must("apply", "-auto-approve")
	if err := env.Salesforce.RevokeTokens(""); err != nil {
		t.Fatal(err)
	}
	token, err := env.Salesforce.Approve(env.Salesforce.Service().Username)
	if err != nil {
		t.Fatal(err)
	}
	env.Salesforce.Forget()
	c.Env = append(c.Env, "TF_VAR_refresh_token="+token)
	out := c.Must("apply", "-auto-approve")
	revalidated := acctest.MatchText(
		"signing in with the stored credentials", "read the metadata", "configured successfully!", "Actions: 1 invoked.")
	if !revalidated.MatchString(out) || strings.Contains(out, token) {
		t.Errorf("the output of the update is\n%s", out)
	}
	// Once for the update itself, and again for the re-validation. The token that was stored before would be rejected.
	if signIns := env.Salesforce.SignIns(); signIns.Attempts < 2 || signIns.Rejected != 0 {
		t.Errorf("it signed in with the new token as %+v", signIns)
	}
}

// Terraform 1.16 and newer warn if a triggered action refers to its resource, and have caller instead.
func TestActionTriggers(t *testing.T) {
	t.Parallel()
	acctest.RequireVersion(t, tfversion.SkipBelow(version.Must(version.NewVersion("1.16.0"))))
	env := acctest.New(t)
	c := env.Command(strings.Replace(testedMail, "connection_id = riva_connection.mail.id", "connection_id = caller.id", 1))
	out := c.Must("apply", "-auto-approve")
	tested := acctest.MatchText("sign_in: passed", "Actions: 1 invoked.")
	if !tested.MatchString(out) || strings.Contains(out, "Reference to triggering") {
		t.Errorf("the new connection was not tested, or not without a warning:\n%s", out)
	}
	out = c.Must("apply", "-auto-approve", "-invoke=action.riva_test_connection.changed")
	if !strings.Contains(out, "sign_in: passed") {
		t.Errorf("invoked manually, the output is\n%s", out)
	}
}
