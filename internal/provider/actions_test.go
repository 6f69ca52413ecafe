package provider_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

const (
	testAction       = "riva_test_connection"
	revalidateAction = "riva_revalidate_connection"
	cycleAction      = "riva_run_sync_cycle"
)

// reportTimes runs an action about a connection to Molasses, or about a policy over it alone with ada and grace, with a fake
// clock. It returns the progress messages, each with the time that had passed.
func reportTimes(t *testing.T, action string, config func(connection, policy string) values) (messages []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		env := acctest.Empty(t)
		env.Systems = []*target.System{acctest.SlowSystem()} // so that the policy needs no other connection
		p := env.Protocol()
		connection, policy := p.CreateSlow()
		began := time.Now()
		_, diagnostics := p.Invoke(t.Context(), action, config(connection, policy), func(message string) {
			messages = append(messages, time.Since(began).Truncate(time.Second).String()+" "+message)
		})
		p.Must(diagnostics)
	})
	return messages
}

// Each line is sent as soon as it is known, that of a user before the next user is checked.
func TestActionProgressMessages(t *testing.T) {
	t.Parallel()
	for action, c := range map[string]struct {
		config func(connection, policy string) values
		want   []string
	}{
		testAction: {
			func(connection, _ string) values { return values{"connection_id": connection, "test": "calendar"} },
			[]string{
				`0s Testing the connection "Slow" (molasses): calendar, as the service account. Checks: sign_in, identity, calendar.`,
				"10s Still waiting for sign_in, identity, calendar: 10s so far.",
				"20s Still waiting for sign_in, identity, calendar: 20s so far.",
				"25s sign_in: passed in 25000 ms: Signed in to Molasses.",
				"25s identity: passed in 0 ms: Signed in as service.",
				"25s calendar: passed in 0 ms: Fine.",
				"25s The calendar test passed for the service account, signed in as service.",
			},
		},
		revalidateAction: {
			func(connection, _ string) values { return values{"connection_id": connection} },
			[]string{
				`0s Re-validating the connection "Slow" (molasses): signing in with the stored credentials. ` +
					"Steps: sign_in, identity, general.",
				"10s Still waiting for sign_in, identity, general: 10s so far.",
				"20s Still waiting for sign_in, identity, general: 20s so far.",
				"25s Signed in; the target system has no metadata to read.",
				"25s Connection has been configured successfully!",
			},
		},
		cycleAction: {
			func(_, policy string) values { return values{"policy_id": policy} },
			[]string{
				`0s Full sync cycle of the sync policy "All": 2 users to check.`,
				"10s Still waiting for the next user, with 0 of 2 users checked: 10s so far.",
				"20s Still waiting for the next user, with 0 of 2 users checked: 20s so far.",
				"25s [1/2] passed  ada@example.com  Slow: Fine.",
				"35s Still waiting for the next user, with 1 of 2 users checked: 10s so far.",
				"45s Still waiting for the next user, with 1 of 2 users checked: 20s so far.",
				"50s [2/2] passed  grace@example.com  Slow: Fine.",
				"50s 2 users checked, 0 with a fault.",
			},
		},
	} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			if messages := reportTimes(t, action, c.config); !slices.Equal(messages, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(messages, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// twoUsers are enabled users.
const twoUsers = `
resource "riva_user" "ada" {
  email = "ada@example.com"
}

resource "riva_user" "grace" {
  email = "grace@example.com"
}
`

func TestActionsAreInvokedManually(t *testing.T) {
	t.Parallel()
	acctest.RequireVersion(t, tfversion.SkipBelow(tfversion.Version1_14_0))
	env := acctest.New(t)
	c := env.Command(acctest.Mail("") + acctest.Policy("Both") + twoUsers + `
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

action "riva_run_sync_cycle" "mail" {
  config {
    policy_id = riva_sync_policy.mail.id
  }
}
`)
	c.Must("apply", "-auto-approve")
	for action, words := range map[string][]string{
		"action.riva_test_connection.mail":      {"as the user ada@example.com", "calendar: passed"},
		"action.riva_revalidate_connection.crm": {"Re-validating", "Connection has been configured successfully!"},
		"action.riva_run_sync_cycle.mail":       {"2 users to check", "[1/2] passed", "[2/2] passed", "0 with a fault"},
	} {
		if out := c.Must("apply", "-auto-approve", "-invoke="+action); !acctest.MatchText(words...).MatchString(out) {
			t.Errorf("the output of %s is\n%s\nwant %q", action, out, words)
		}
	}
	if out, err := c.Run("plan", "-detailed-exitcode"); err != nil {
		t.Errorf("after the actions there is something to change: %v\n%s", err, out)
	}

	if err := env.Exchange.Down(); err != nil {
		t.Fatal(err)
	}
	out, err := c.Run("apply", "-auto-approve", "-invoke=action.riva_test_connection.mail")
	failed := acctest.MatchText("Error: ", target.SystemNotAvailable.Title(), "did not pass", "What to do next:", "1. ")
	if err == nil || !failed.MatchString(out) {
		t.Errorf("the action that fails ended with %v and the output\n%s", err, out)
	}
}

func TestActionsRejectInvalidInput(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol()
	mail := p.Create("riva_connection", env.MailValues()).ID()
	for name, c := range map[string]struct {
		action string
		config values
		words  []string
		at     string
	}{
		"test of a missing connection": {
			testAction, values{"connection_id": acctest.UnknownID},
			[]string{"Not Found", acctest.UnknownID, "riva_connections lists"}, "connection_id",
		},
		"unknown test": {testAction, values{"connection_id": mail, "test": "all"}, []string{"test"}, "test"},
		"test of CRMs": {testAction, values{"connection_id": mail, "test": "metadata"}, []string{"metadata"}, "test"},
		"user without an address": {
			testAction, values{"connection_id": mail, "account": "user"},
			[]string{"requires an email address: set user_email"}, "user_email",
		},
		"address without a user": {
			testAction, values{"connection_id": mail, "user_email": "ada@example.com"}, []string{`account = "user"`}, "user_email",
		},
		"re-validation of a missing connection": {
			revalidateAction, values{"connection_id": acctest.UnknownID}, []string{"Not Found", acctest.UnknownID}, "connection_id",
		},
		"re-validation without OAuth": {
			revalidateAction, values{"connection_id": mail},
			[]string{"Microsoft Exchange does not support re-validation", "update the credentials"}, "connection_id",
		},
		"cycle of a missing policy": {
			cycleAction, values{"policy_id": acctest.UnknownID},
			[]string{"Not Found", acctest.UnknownID, "riva_sync_policy finds one by name"}, "policy_id",
		},
		"test of an empty id": {
			testAction, values{"connection_id": ""}, []string{"Invalid Value", `"" is not an id`}, "connection_id",
		},
		"re-validation of dots": {revalidateAction, values{"connection_id": ".."}, []string{`".." is not an id`}, "connection_id"},
		"cycle of a name": {
			cycleAction, values{"policy_id": "Mail"}, []string{`"Mail" is not an id`, "riva_sync_policy finds one by name"}, "policy_id",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, diagnostics := p.In(t).Invoke(t.Context(), c.action, c.config, nil)
			acctest.ExpectError(t, diagnostics, c.words...)
			if c.at != "" && (len(diagnostics) != 1 || firstStep(diagnostics[0]) != c.at) {
				t.Errorf("the error is about %q, want %q", firstStep(diagnostics[0]), c.at)
			}
		})
	}
}

// firstStep is the attribute of a diagnostic.
func firstStep(d *tfprotov6.Diagnostic) string {
	if d.Attribute == nil || len(d.Attribute.Steps()) == 0 {
		return ""
	}
	name, _ := strings.CutPrefix(d.Attribute.String(), `AttributeName("`)
	name, _, _ = strings.Cut(name, `"`)
	return name
}

func TestActionsEndOnTimeoutAndCancel(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol()
	mail := p.Create("riva_connection", env.MailValues()).ID()
	crm := p.Create("riva_connection", env.CRMValues()).ID()
	policy := p.Create("riva_sync_policy", values{
		"name": "Both", "interval": "30m", "crm_connection_id": crm, "email_connection_id": mail,
	}).ID()
	for action, config := range map[string]values{
		testAction: {"connection_id": mail}, revalidateAction: {"connection_id": crm}, cycleAction: {"policy_id": policy},
	} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			p := p.In(t)
			_, diagnostics := p.Invoke(t.Context(), action, config.With(values{"timeouts": values{"invoke": "1ns"}}), nil)
			acctest.ExpectError(t, diagnostics, "Timeout")

			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			messages, diagnostics := p.Invoke(ctx, action, config, func(string) { cancel() })
			acctest.ExpectError(t, diagnostics, "Canceled")
			if len(messages) != 1 {
				t.Errorf("it reported %q, want nothing after it was canceled", messages)
			}
		})
	}
}
