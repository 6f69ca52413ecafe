package provider_test

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

const (
	testAction       = "riva_test_connection"
	revalidateAction = "riva_revalidate_connection"
	cycleAction      = "riva_run_sync_cycle"
	unavailable      = "Cannot Connect to the Target System - System Not Available"
	nobody           = "0192f0c1-0000-7000-8000-000000000001"
)

// invoke invokes an action that must work, and returns what it said.
func invoke(t *testing.T, p *acctest.Protocol, actionType string, config values) string {
	t.Helper()
	said, diagnostics := p.Invoke(t.Context(), actionType, config, nil)
	p.Must(diagnostics)
	return strings.Join(said, "\n")
}

// expectOutput fails unless the words were said, in their order.
func expectOutput(t *testing.T, said string, words ...string) {
	t.Helper()
	if !matchText(words...).MatchString(said) {
		t.Errorf("the action said\n%s\nwant %q", said, words)
	}
}

func TestTestActionReportsChecks(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	p := w.Protocol()
	id := create(t, p, "riva_connection", mailValues(w)).ID()
	said := invoke(t, p, testAction, values{"connection_id": id})
	expectOutput(t, said, `Testing the connection "Exchange" (exchange): general, as the service account.`,
		"Checks: sign_in, identity, general.",
		"sign_in: passed in", " ms")
	said = invoke(t, p, testAction, values{
		"connection_id": id, "account": "user", "user_email": "ada@example.com", "test": "calendar",
	})
	expectOutput(t, said, "calendar, as the user ada@example.com.", "sign_in: passed", "calendar: passed")
}

func TestTestActionFailsWithTheFaultAndItsHelp(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	p := w.Protocol()
	id := create(t, p, "riva_connection", mailValues(w)).ID()
	setPassword(t, w, rotated)
	ask := values{"connection_id": id}
	said, diagnostics := p.Invoke(t.Context(), testAction, ask, nil)
	expectOutput(t, strings.Join(said, "\n"), "sign_in: failed")
	expectError(t, diagnostics, "Given Credentials", `The test "general" of the connection "Exchange" did not pass.`,
		"What to do next:", "1. ")

	// The same credentials are tried twice, and then no more unless that is asked for.
	_, diagnostics = p.Invoke(t.Context(), testAction, ask, nil)
	expectError(t, diagnostics, "Given Credentials")
	before := len(w.Exchange.Requests())
	_, diagnostics = p.Invoke(t.Context(), testAction, ask, nil)
	expectError(t, diagnostics, "was not asked again")
	if now := len(w.Exchange.Requests()); now != before {
		t.Errorf("the target system was asked %d times for what it had refused", now-before)
	}
	_, diagnostics = p.Invoke(t.Context(), testAction, with(ask, values{"force": true}), nil)
	expectError(t, diagnostics, "Given Credentials")
	if now := len(w.Exchange.Requests()); now == before {
		t.Error("the target system was not asked although that was forced")
	}
}

func TestRevalidateActionUsesStoredCredentials(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	p := w.Protocol()
	id := create(t, p, "riva_connection", crmValues(w)).ID()
	w.Salesforce.Forget()
	said := invoke(t, p, revalidateAction, values{"connection_id": id})
	expectOutput(t, said, `Re-validating the connection "Salesforce" (salesforce): signing in with the stored credentials.`,
		"Steps: sign_in, identity, general, metadata.", "read the metadata, which has not changed",
		"Connection has been configured successfully!")
	if w.Salesforce.SignIns().Attempts == 0 {
		t.Error("nobody signed in")
	}
}

func TestRevalidateActionReportsFault(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	p := w.Protocol()
	id := create(t, p, "riva_connection", crmValues(w)).ID()
	if err := w.Salesforce.Down(); err != nil {
		t.Fatal(err)
	}
	_, diagnostics := p.Invoke(t.Context(), revalidateAction, values{"connection_id": id}, nil)
	expectError(t, diagnostics, unavailable, `re-validate the connection "Salesforce"`,
		"What was stored before stays in force", "1. ")
}

func TestCycleActionReportsEachUser(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	p := w.Protocol()
	policy := createPair(t, w, p).ID()
	for _, email := range []string{"ada@example.com", "grace@example.com"} {
		create(t, p, "riva_user", values{"email": email})
	}
	said := invoke(t, p, cycleAction, values{"policy_id": policy})
	expectOutput(t, said, `Full sync cycle of the sync policy "Both": 2 users to check.`, "[1/2] passed", "Salesforce: ", "Exchange: ",
		"[2/2] passed", "2 users checked, 0 with a fault.")
	for _, email := range []string{"ada@example.com", "grace@example.com"} {
		if strings.Count(said, email+"  ") != 1 {
			t.Errorf("%s is told of other than once:\n%s", email, said)
		}
	}
}

func TestCycleActionFailsWithTheFaultOfAConnection(t *testing.T) {
	t.Parallel()
	for name, users := range map[string][]string{"without users": nil, "with users": {"ada@example.com", "grace@example.com"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t)
			p := w.Protocol()
			policy := createPair(t, w, p).ID()
			for _, email := range users {
				create(t, p, "riva_user", values{"email": email})
			}
			if err := w.Exchange.Down(); err != nil {
				t.Fatal(err)
			}
			_, diagnostics := p.Invoke(t.Context(), cycleAction, values{"policy_id": policy}, nil)
			expectError(t, diagnostics, unavailable, `cycle of the sync policy "Both" met a fault`, "What to do next:", "1. ")
			if len(diagnostics) != 1 {
				t.Errorf("%d diagnostics for one fault", len(diagnostics))
			}
		})
	}
}

func TestActionsRejectInvalidInput(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	p := w.Protocol()
	mail := create(t, p, "riva_connection", mailValues(w)).ID()
	for name, c := range map[string]struct {
		action string
		config values
		words  []string
		at     string
	}{
		"test of nothing": {
			testAction, values{"connection_id": nobody}, []string{"Not Found", nobody, "riva_connections lists"}, "connection_id",
		},
		"test that is not":        {testAction, values{"connection_id": mail, "test": "all"}, []string{"test"}, "test"},
		"test that is not theirs": {testAction, values{"connection_id": mail, "test": "metadata"}, []string{"metadata"}, "test"},
		"user without address": {
			testAction, values{"connection_id": mail, "account": "user"}, []string{"email address in user_email"}, "user_email",
		},
		"address without user": {
			testAction, values{"connection_id": mail, "user_email": "ada@example.com"}, []string{`account = "user"`}, "user_email",
		},
		"re-validation of nothing": {
			revalidateAction, values{"connection_id": nobody}, []string{"Not Found", nobody}, "connection_id",
		},
		"re-validation of what is not re-validated": {
			revalidateAction, values{"connection_id": mail},
			[]string{"Connections to Microsoft Exchange are not re-validated: leave", "give the new secret"}, "connection_id",
		},
		"cycle of nothing": {
			cycleAction, values{"policy_id": nobody}, []string{"Not Found", nobody, "riva_sync_policy finds one by name"}, "policy_id",
		},
		"test of an empty id":   {testAction, values{"connection_id": ""}, []string{"Invalid Value", `"" is none`}, "connection_id"},
		"re-validation of dots": {revalidateAction, values{"connection_id": ".."}, []string{`".." is none`}, "connection_id"},
		"cycle of a name": {
			cycleAction, values{"policy_id": "Mail"}, []string{`"Mail" is none`, "riva_sync_policy finds one by name"}, "policy_id",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, diagnostics := p.In(t).Invoke(t.Context(), c.action, c.config, nil)
			expectError(t, diagnostics, c.words...)
			if c.at != "" && (len(diagnostics) != 1 || firstStep(diagnostics[0]) != c.at) {
				t.Errorf("the error is about %q, want %q", firstStep(diagnostics[0]), c.at)
			}
		})
	}
}

// firstStep is the attribute that a diagnostic is about.
func firstStep(d *tfprotov6.Diagnostic) string {
	if d.Attribute == nil || len(d.Attribute.Steps()) == 0 {
		return ""
	}
	name, _ := strings.CutPrefix(d.Attribute.String(), `AttributeName("`)
	name, _, _ = strings.Cut(name, `"`)
	return name
}

func TestActionsEndAtTheirTimeOutAndWhenCancelled(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	p := w.Protocol()
	mail := create(t, p, "riva_connection", mailValues(w)).ID()
	crm := create(t, p, "riva_connection", crmValues(w)).ID()
	policy := create(t, p, "riva_sync_policy", values{
		"name": "Both", "interval": "30m", "crm_connection_id": crm, "email_connection_id": mail,
	}).ID()
	for action, config := range map[string]values{
		testAction: {"connection_id": mail}, revalidateAction: {"connection_id": crm}, cycleAction: {"policy_id": policy},
	} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			p := p.In(t)
			_, diagnostics := p.Invoke(t.Context(), action, with(config, values{"timeouts": values{"invoke": "1ns"}}), nil)
			expectError(t, diagnostics, "The Time-Out Was Reached")

			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			said, diagnostics := p.Invoke(ctx, action, config, func(string) { cancel() })
			expectError(t, diagnostics, "Cancelled")
			if len(said) != 1 {
				t.Errorf("it said %q, want nothing after it was cancelled", said)
			}
		})
	}
}
