package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/names"
)

const (
	policyID = "0192f0c1-8d11-7c55-8f0e-2b9d1d0c7a41"
	outage   = "Cannot Connect to the Target System - System Not Available"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// script is a control plane with one cycle. Each read of the cycle returns the next step.
type script struct {
	policies []api.Policy
	warnings []string // of every connection
	startErr error
	steps    []step
	at       int
	out      strings.Builder
	printed  []string // the output at each read of the cycle
}

// step is the state of the cycle and its logs so far, newest first.
type step struct {
	cycle api.Cycle
	logs  []api.SyncLog
}

func (s *script) find(match func(api.Policy) bool) (api.Policy, error) {
	i := slices.IndexFunc(s.policies, match)
	if i < 0 {
		return api.Policy{}, &api.Problem{
			Type: api.ProblemTypePrefix + api.ProblemNotFound, Title: "Not Found", Status: http.StatusNotFound,
		}
	}
	return s.policies[i], nil
}

func (s *script) Connection(_ context.Context, id string) (api.Connection, error) {
	return api.Connection{Name: strings.ToUpper(id), Warnings: s.warnings}, nil
}

func (s *script) Policy(_ context.Context, id string) (api.Policy, error) {
	return s.find(func(p api.Policy) bool { return p.ID == id })
}

func (s *script) PolicyByName(_ context.Context, name string) (api.Policy, error) {
	return s.find(func(p api.Policy) bool { return names.Fold(p.Name) == names.Fold(name) })
}

func (s *script) EachPolicy(_ context.Context, _ api.PolicyFilter, limit int) iter.Seq2[api.Policy, error] {
	return func(yield func(api.Policy, error) bool) {
		for _, policy := range s.policies[:min(limit, len(s.policies))] {
			if !yield(policy, nil) {
				return
			}
		}
	}
}

func (s *script) StartCycle(context.Context, string) (api.Cycle, error) {
	if s.startErr != nil {
		return api.Cycle{}, s.startErr
	}
	return s.steps[0].cycle, nil
}

func (s *script) Cycle(ctx context.Context, _, _ string) (api.Cycle, error) {
	if ctx.Err() != nil {
		return api.Cycle{}, ctx.Err()
	}
	s.printed = append(s.printed, s.out.String())
	s.at++
	return s.steps[s.at].cycle, nil
}

func (s *script) SyncLogs(_ context.Context, f api.SyncLogFilter, _ int) ([]api.SyncLog, error) {
	var found []api.SyncLog
	for _, log := range s.steps[s.at].logs {
		if !log.At.Before(f.Since) {
			found = append(found, log)
		}
	}
	return found, nil
}

func policyNamed(name string) api.Policy {
	email := "mail"
	return api.Policy{ID: policyID, Name: name, EmailConnectionID: &email}
}

func running(users int) api.Cycle {
	return api.Cycle{ID: "c", State: api.CycleRunning, StartedAt: noon, UsersTotal: users}
}

func ended(state string, users, done, faulty int) api.Cycle {
	at := noon.Add(3 * time.Second)
	return api.Cycle{
		ID: "c", State: state, StartedAt: noon, FinishedAt: &at, UsersTotal: users, UsersDone: done, UsersFaulty: faulty,
	}
}

func passed(user, connection string, after time.Duration) api.SyncLog {
	return api.SyncLog{
		ID: user + connection, UserID: user, UserEmail: user + "@example.com", ConnectionName: connection,
		At: noon.Add(after), Passed: true, Message: "Read the calendar.",
	}
}

func faulty(user string, after time.Duration) api.SyncLog {
	log := passed(user, "Exchange", after)
	log.Passed, log.Message = false, ""
	log.Fault = &api.Fault{
		Code: "system_not_available", Title: outage, Message: "HTTP 503", Help: []string{"Sign in as a normal user.", "Wait."},
	}
	return log
}

// runScript runs the script to its end and returns the output.
func runScript(t *testing.T, s *script, idOrName string) (string, error) {
	t.Helper()
	always := make(chan time.Time)
	close(always)
	run := cycleRun{api: s, out: &s.out, tick: always}
	err := run.run(t.Context(), idOrName)
	return s.out.String(), err
}

func TestCycleReportsEachUserOnce(t *testing.T) {
	t.Parallel()
	ada, grace := passed("ada", "Exchange", time.Second), passed("grace", "Exchange", 2*time.Second)
	s := &script{policies: []api.Policy{policyNamed("Mail")}, steps: []step{
		{cycle: running(2)},
		{cycle: running(2), logs: []api.SyncLog{ada}},
		{cycle: ended(api.CycleFinished, 2, 2, 0), logs: []api.SyncLog{grace, ada}},
	}}
	got, err := runScript(t, s, "mail")
	if err != nil {
		t.Fatal(err)
	}
	want := `Full sync cycle of the sync policy "Mail": 2 enabled users.
It signs in with the policy's connections and checks the policy's enabled users; it moves no calendars, contacts or mail.

[1/2] passed  ada@example.com  Exchange: Read the calendar.
[2/2] passed  grace@example.com  Exchange: Read the calendar.

Finished after 3s: 2 users, 0 with a fault.
`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if first := s.printed[0]; strings.Contains(first, "passed") || !strings.HasSuffix(first, "mail.\n\n") {
		t.Errorf("before the first user was checked, it printed:\n%s", first)
	}
	if before := s.printed[1]; !strings.HasSuffix(before, "Read the calendar.\n") || strings.Contains(before, "grace") {
		t.Errorf("when only ada was checked, it had printed:\n%s", before)
	}
}

func TestCycleWarnsOfExpiry(t *testing.T) {
	t.Parallel()
	s := &script{
		policies: []api.Policy{policyNamed("Mail")}, steps: []step{{cycle: ended(api.CycleFinished, 0, 0, 0)}},
		warnings: []string{"certificate expires.", "api ends."},
	}
	got, err := runScript(t, s, "Mail")
	if want := "mail.\n\nWarning: MAIL: certificate expires.\nWarning: MAIL: api ends.\n\n\nFinished"; err != nil ||
		!strings.Contains(got, want) {
		t.Errorf("want %q, got %q, %v", want, got, err)
	}
}

func TestCyclePrintsFaultAndHelpOnce(t *testing.T) {
	t.Parallel()
	s := &script{policies: []api.Policy{policyNamed("Mail")}, steps: []step{
		{cycle: running(2)},
		{
			cycle: ended(api.CycleFinished, 2, 2, 2),
			logs:  []api.SyncLog{faulty("grace", 2*time.Second), faulty("ada", time.Second)},
		},
	}}
	got, err := runScript(t, s, "Mail")
	if err == nil || !strings.Contains(err.Error(), outage) {
		t.Errorf("the error is %v, want one with the fault's title", err)
	}
	for _, line := range []string{
		"[1/2] FAULT   ada@example.com  Exchange: " + outage + ": HTTP 503\n",
		"[2/2] FAULT   grace@example.com  Exchange: " + outage + ": HTTP 503\n",
		"  1. Sign in as a normal user.\n  2. Wait.\n",
		"Finished after 3s: 2 users, 2 with a fault.\n",
	} {
		if strings.Count(got, line) != 1 {
			t.Errorf("want once: %q in:\n%s", line, got)
		}
	}
}

func TestCycleWaitsForAllConnectionsOfUser(t *testing.T) {
	t.Parallel()
	policy, crm := policyNamed("Both"), "crm"
	policy.CRMConnectionID = &crm
	sales, mail := passed("ada", "Salesforce", time.Second), faulty("ada", 2*time.Second)
	s := &script{policies: []api.Policy{policy}, steps: []step{
		{cycle: running(1), logs: []api.SyncLog{sales}},
		{cycle: ended(api.CycleFinished, 1, 1, 1), logs: []api.SyncLog{mail, sales}},
	}}
	got, err := runScript(t, s, "Both")
	if err == nil {
		t.Error("a fault of one connection must fail the command")
	}
	want := "[1/1] FAULT   ada@example.com  Salesforce: Read the calendar. | Exchange: " + outage
	if !strings.Contains(got, want) || strings.Count(got, "ada@example.com") != 1 {
		t.Errorf("want one line %q in:\n%s", want, got)
	}
}

func TestCycleFailsOnConnectionFault(t *testing.T) {
	t.Parallel()
	cycle := ended(api.CycleFinished, 0, 0, 0)
	cycle.Fault = &api.Fault{Code: "system_not_available", Title: outage, Help: []string{"Wait."}}
	got, err := runScript(t, &script{policies: []api.Policy{policyNamed("Mail")}, steps: []step{{cycle: cycle}}}, "Mail")
	if err == nil || !strings.Contains(got, outage) || !strings.Contains(got, "1. Wait.") {
		t.Errorf("error %v and output:\n%s", err, got)
	}
}

func TestCycleFailsIfInterrupted(t *testing.T) {
	t.Parallel()
	s := &script{policies: []api.Policy{policyNamed("Mail")}, steps: []step{
		{cycle: running(2)},
		{cycle: ended(api.CycleInterrupted, 2, 1, 0), logs: []api.SyncLog{passed("ada", "Exchange", time.Second)}},
	}}
	got, err := runScript(t, s, "Mail")
	if err == nil || !strings.Contains(err.Error(), "1 of 2 users checked") || !strings.Contains(got, "Interrupted after 3s") {
		t.Errorf("error %v and output:\n%s", err, got)
	}
}

func TestCycleEndsIfCanceled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := &script{policies: []api.Policy{policyNamed("Mail")}, steps: []step{{cycle: running(2)}}}
	run := cycleRun{api: s, out: &s.out, tick: nil}
	err := run.run(ctx, "Mail")
	if err == nil || !strings.HasPrefix(err.Error(), "interrupted: ") {
		t.Errorf("the error is %v", err)
	}
}

func TestCycleFindsPolicy(t *testing.T) {
	t.Parallel()
	other := policyNamed("0192f0c1-0000-7000-8000-000000000001")
	done := []step{{cycle: ended(api.CycleFinished, 0, 0, 0)}}
	for name, test := range map[string]struct{ idOrName, found string }{
		"by id":                             {policyID, "Mail"},
		"by name":                           {"mail", "Mail"},
		"by a name in the form of an id":    {other.Name, other.Name},
		"unknown name":                      {"Calendar", ""},
		"unknown name in the form of an id": {"0192f0c1-0000-7000-8000-000000000002", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			named := other
			named.ID = "0192f0c1-8d11-7c55-8f0e-2b9d1d0c7a42"
			got, err := runScript(t, &script{policies: []api.Policy{policyNamed("Mail"), named}, steps: done}, test.idOrName)
			switch {
			case test.found == "" && (err == nil || !strings.Contains(err.Error(), test.idOrName)):
				t.Errorf("the error is %v, want one that names %q", err, test.idOrName)
			case test.found != "" && (err != nil || !strings.Contains(got, `"`+test.found+`"`)):
				t.Errorf("error %v, want the policy %q in:\n%s", err, test.found, got)
			}
		})
	}
}

func TestCycleListsKnownPolicies(t *testing.T) {
	t.Parallel()
	many := make([]api.Policy, 12)
	for i := range many {
		many[i] = policyNamed(fmt.Sprint("P", i))
	}
	for want, policies := range map[string][]api.Policy{
		`the sync policy "Nope" does not exist, and neither does any other: apply a configuration with a riva_sync_policy, or ` +
			"specify another data directory with --data-dir or RIVA_DATA_DIR": nil,
		`the sync policy "Nope" does not exist: specify an existing one ("Mail", "Ada's \"own\"")`: {
			policyNamed("Mail"), policyNamed(`Ada's "own"`),
		},
		`the sync policy "Nope" does not exist: specify an existing one ("P0", "P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", ` +
			`"P9", and others)`: many,
	} {
		if _, err := runScript(t, &script{policies: policies}, "Nope"); err == nil || err.Error() != want {
			t.Errorf("the error is\n%v, want\n%s", err, want)
		}
	}
}

func TestCycleReportsLongWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{policies: []api.Policy{policyNamed("Mail")}, steps: []step{
			{cycle: running(1)}, {cycle: ended(api.CycleFinished, 1, 1, 0), logs: []api.SyncLog{passed("ada", "Exchange", time.Second)}},
		}}
		var out strings.Builder // not that of the script, which reads it with each step
		run := cycleRun{api: s, out: &out, tick: time.After(25 * time.Second)}
		if err := run.run(t.Context(), "Mail"); err != nil {
			t.Fatal(err)
		}
		want := "mail.\n\nStill waiting for the next user, with 0 of 1 user checked: 10s so far.\n" +
			"Still waiting for the next user, with 0 of 1 user checked: 20s so far.\n[1/1] passed  ada@example.com"
		if got := out.String(); !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant in it\n%s", got, want)
		}
	})
}

func TestCycleReportsRejectedCycle(t *testing.T) {
	t.Parallel()
	s := &script{policies: []api.Policy{policyNamed("Mail")}, startErr: &api.Problem{
		Type: api.ProblemTypePrefix + api.ProblemInvalid, Title: "Invalid Request", Status: http.StatusUnprocessableEntity,
		Errors: []api.ProblemError{{Path: "email_connection_id", Message: "is missing"}},
	}}
	_, err := runScript(t, s, "Mail")
	if err == nil || !strings.Contains(err.Error(), "email_connection_id is missing") {
		t.Errorf("the error is %v", err)
	}
	if _, ok := api.AsProblem(err); !ok || errors.Is(err, context.Canceled) {
		t.Errorf("%v does not wrap the problem", err)
	}
}
