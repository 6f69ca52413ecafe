package plane_test

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/waittest"
)

// endLeases makes all leases end now, as they do a while after a machine was killed.
func endLeases(t *testing.T, d storetest.Database) {
	t.Helper()
	db := openRaw(t, d)
	const past = "2000-01-01T00:00:00.000000Z"
	_, err := db.ExecContext(t.Context(), `UPDATE sync_cycles SET lease_until = $1 WHERE state = 'running'`, past)
	_, also := db.ExecContext(t.Context(), `UPDATE leases SET expires_at = $1`, past)
	if err := errors.Join(err, also); err != nil {
		t.Fatal(err)
	}
}

// policyWithUsers is an enabled policy with an Exchange and a Salesforce connection, and makes users.
func policyWithUsers(t *testing.T, client *api.Client, mail *exchange.Server, users int) api.Policy {
	t.Helper()
	c, err := client.CreateConnection(t.Context(), mailConnection(mail, "Exchange", mail.Service().Password))
	if err != nil {
		t.Fatal(err)
	}
	_, crm := rotatingCRM(t, client)
	p, err := client.CreatePolicy(t.Context(), api.CreatePolicy{
		Name: "Sync", CRMConnectionID: &crm, EmailConnectionID: &c.ID, Enabled: true, IntervalSeconds: 900,
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range users {
		_, err := client.CreateUser(t.Context(), api.CreateUser{Email: fmt.Sprintf("user%d@example.com", i), Enabled: true})
		if err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// A machine is killed while it runs a cycle. Until its lease ends, no other machine runs one of the same policy; then exactly one
// machine continues it, and each user is in its log once for each connection.
func TestMachinesRunOneCycle(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, d storetest.Database) {
		const users = 3
		mail, machines := sandboxtest.Start(t, exchange.Start, exchange.Options{}), startMachines(t, d)
		p := policyWithUsers(t, machines[0].Client, mail, users)
		hold := func() {
			if err := mail.Fail(sandbox.Slow(), sandbox.UntilCleared); err != nil {
				t.Fatal(err)
			}
			mail.Forget()
		}
		// request requests a cycle on machines at the same time, and returns the one that started or continues.
		request := func(machines ...*machine) (id string) {
			var started atomic.Value
			forAll(machines, 1, func(m *machine, call int) {
				c, err := m.StartCycle(t.Context(), p.ID)
				switch {
				case err == nil && !started.CompareAndSwap(nil, c.ID):
					t.Errorf("request %d: two machines run cycles: %v and %s", call, started.Load(), c.ID)
				case err != nil && !api.IsProblem(err, api.ProblemCycleRunning):
					t.Errorf("request %d: %v", call, err)
				}
			})
			id, _ = started.Load().(string)
			return id
		}
		hold()
		first := request(machines[0])
		waittest.Until(t, "the cycle signs in", func() bool { return len(mail.Requests()) > 0 })
		if again := request(machines[1:]...); again != "" || first == "" {
			t.Fatalf("the cycles %q and %q run at the same time", first, again)
		}
		machines[0].kill(t)
		if early := request(machines[1:]...); early != "" {
			t.Errorf("the cycle %q runs before the lease of %q has ended", early, first)
		}
		endLeases(t, d)
		hold()
		if next := request(machines[1:]...); next != first {
			t.Fatalf("the cycle %q runs, want that %q continues", next, first)
		}
		mail.Clear()
		machines[2].expectLogs(t, machines[1].awaitCycle(t, p.ID, first), users)
	})
}
