package auditevent_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded/actor"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// events is a data source with filters. It is read after the connection.
func events(name, filters string) string {
	return fmt.Sprintf("data \"riva_audit_events\" %q {\n  depends_on = [riva_connection.mail]\n  %s\n}\n", name, filters)
}

func expect(name string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("data.riva_audit_events."+name, tfjsonpath.New("events"), check)
}

// event is an event of this process.
func event(action, outcome, detail string) knownvalue.Check {
	return knownvalue.ObjectPartial(map[string]knownvalue.Check{
		"id":         knownvalue.NotNull(),
		"at":         knownvalue.NotNull(),
		"request_id": knownvalue.NotNull(),
		"object_id":  knownvalue.NotNull(),
		"actor":      knownvalue.StringExact(actor.Current()),
		"action":     knownvalue.StringExact(action),
		"outcome":    knownvalue.StringExact(outcome),
		"detail":     knownvalue.StringRegexp(regexp.MustCompile(detail)),
	})
}

func TestAuditEventsSayWhoDidWhat(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	who := strings.ToUpper(strings.SplitAfter(actor.Current(), "@")[0])
	body := acctest.Mail("") + events("all", "") + events("mail", "object_id = riva_connection.mail.id") +
		events("newest", "limit = 1") + events("rejected", `outcome = "given_credentials"`) +
		events("creates", `action = "connection.create"`) + events("mine", fmt.Sprintf("actor = %q", who)) +
		events("later", `since = "2100-01-01T00:00:00Z"`) + events("earlier", `until = "2000-01-01T00:00:00Z"`)
	created := event("connection.create", api.OutcomeDone, "tested")
	first := env.Step(body)
	first.ConfigStateChecks = []statecheck.StateCheck{
		expect("all", knownvalue.ListExact([]knownvalue.Check{created})),
		expect("mail", knownvalue.ListExact([]knownvalue.Check{created})),
		expect("rejected", knownvalue.ListSizeExact(0)),
	}
	changed := env.Step(body)
	changed.PreConfig = func() {
		client := env.Client()
		c, err := client.ConnectionByName(t.Context(), "Exchange")
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.UpdateCredentials(t.Context(), c.ID, 0, api.UpdateCredentials{Credentials: map[string]string{"password": "no"}})
		if !api.IsProblem(err, api.ProblemFault) {
			t.Fatalf("a wrong password: %v", err)
		}
	}
	rejected := event("connection.update", "given_credentials", "Given Credentials")
	both := knownvalue.ListExact([]knownvalue.Check{rejected, created})
	changed.ConfigStateChecks = []statecheck.StateCheck{
		expect("all", both), expect("mail", both), expect("mine", both),
		expect("newest", knownvalue.ListExact([]knownvalue.Check{rejected})),
		expect("rejected", knownvalue.ListExact([]knownvalue.Check{rejected})),
		expect("creates", knownvalue.ListExact([]knownvalue.Check{created})),
		expect("later", knownvalue.ListSizeExact(0)), expect("earlier", knownvalue.ListSizeExact(0)),
	}
	env.Test(first, changed)
}

func TestAuditEventsNameThePipeline(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail(""))
	c.Env = []string{
		"GITHUB_ACTIONS=true", "GITHUB_REPOSITORY=example/infra", "GITHUB_WORKFLOW=apply", "GITHUB_RUN_ID=4242",
		"GITHUB_ACTOR=ada", "GITHUB_TOKEN=canary-token",
	}
	c.Must("apply", "-auto-approve")
	found, err := env.Client().AuditEvents(t.Context(), api.AuditFilter{}, 0)
	const want = "; GitHub Actions: repository example/infra, workflow apply, run 4242, actor ada"
	if err != nil || len(found) != 1 || !strings.HasSuffix(found[0].Actor, want) {
		t.Errorf("audited: %+v, %v", found, err)
	}
}

func TestAuditEventsRejectInvalidFilters(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ filters, wrong string }{
		"limit of zero": {`limit = 0`, `(?s)limit.*between 1 and\s+1000`},
		"limit of 1001": {`limit = 1001`, `(?s)limit.*between 1 and\s+1000`},
		"invalid since": {`since = "yesterday"`, `(?i)RFC\s?3339`},
		"invalid until": {`until = "tomorrow"`, `(?i)RFC\s?3339`},
		"empty actor":   {`actor = ""`, `actor`},
		"invalid id":    {`object_id = "a/b"`, `object_id`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			step := env.Step("data \"riva_audit_events\" \"all\" {\n  " + test.filters + "\n}\n")
			step.PlanOnly, step.ExpectError = true, regexp.MustCompile(test.wrong)
			env.Test(step)
		})
	}
}
