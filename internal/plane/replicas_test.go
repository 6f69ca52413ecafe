package plane_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/waittest"
)

// openRaw opens the database without a store.
func openRaw(t *testing.T, d storetest.Database) *sql.DB {
	t.Helper()
	driver, address := "sqlite", "file:"+d.File+"?_busy_timeout=10000"
	if d.Address != "" {
		driver, address = "pgx", d.Address+"&search_path=riva"
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// awaitCycle waits for the end of a cycle.
func (m *machine) awaitCycle(t *testing.T, policyID, id string) (c api.Cycle) {
	t.Helper()
	waittest.Until(t, "the cycle ends", func() bool {
		var err error
		if c, err = m.Cycle(t.Context(), policyID, id); err != nil {
			t.Fatal(err)
		}
		return c.State != api.CycleRunning
	})
	return c
}

// expectLogs expects that a finished cycle has checked each user once on both connections.
func (m *machine) expectLogs(t *testing.T, c api.Cycle, users int) {
	t.Helper()
	logs, err := m.SyncLogs(t.Context(), api.SyncLogFilter{CycleID: c.ID}, 10*users)
	if err != nil || c.State != api.CycleFinished || c.UsersDone != users {
		t.Errorf("the cycle: %+v, %v", c, err)
	}
	times := map[string]int{}
	for _, l := range logs {
		times[l.UserEmail+" on "+l.ConnectionName]++
	}
	if len(logs) != 2*users || len(times) != 2*users {
		t.Errorf("the log of the cycle: %v, want %d users once for each connection", times, users)
	}
}

// Slices of one cycle run in any replica, one after the other.
func TestReplicasShareOneCycle(t *testing.T) {
	t.Parallel()
	const users = 30
	d := storetest.PostgreSQL(t)
	mail := sandboxtest.Start(t, exchange.Start, exchange.Options{})
	o := machineOptions{Database: d, Durable: 2}
	replicas := []*machine{startMachine(t, o), startMachine(t, o)}
	p := policyWithUsers(t, replicas[0].Client, mail, users)
	const maxCycles = 20 // which replica takes a slice is chance
	var jobs, others, workers int
	cycles := 0
	for ; workers < 2 && cycles < maxCycles; cycles++ {
		started, err := replicas[1].StartCycle(t.Context(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		replicas[0].expectLogs(t, replicas[0].awaitCycle(t, p.ID, started.ID), users)
		err = openRaw(t, d).QueryRowContext(t.Context(), `SELECT COUNT(*), COUNT(*) FILTER (WHERE attempt <> 1 OR errors IS NOT NULL),
			COUNT(DISTINCT attempted_by) FROM river_job WHERE kind = 'cycle_slice'`).Scan(&jobs, &others, &workers)
		if err != nil {
			t.Fatal(err)
		}
	}
	if jobs != cycles*users/2 || others != 0 {
		t.Errorf("%d jobs for %d cycles, %d of them were tried again; want %d", jobs, cycles, others, cycles*users/2)
	}
	first, second := replicas[0].stop(t), replicas[1].stop(t)
	if first == "0" || second == "0" {
		t.Errorf("the replicas took the cycle %s and %s times", first, second)
	}
}

// A replica is killed while it runs a cycle. Another one continues it, without a further request.
func TestKilledReplicaIsTakenOver(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, d storetest.Database) {
		const users = 60
		mail := sandboxtest.Start(t, exchange.Start, exchange.Options{})
		o := machineOptions{Database: d, Durable: 4}
		replicas := []*machine{startMachine(t, o), startMachine(t, o)}
		p := policyWithUsers(t, replicas[0].Client, mail, users)
		started, err := replicas[0].StartCycle(t.Context(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		state := func() api.Cycle {
			c, err := replicas[1].Cycle(t.Context(), p.ID, started.ID)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		waittest.Until(t, "users are checked", func() bool { return state().UsersDone > 0 })
		if err := mail.Fail(sandbox.Slow(), sandbox.UntilCleared); err != nil {
			t.Fatal(err)
		}
		mail.Forget()
		waittest.Until(t, "a check waits", func() bool { return len(mail.Requests()) > 0 || state().State != api.CycleRunning })
		before := state()
		var holder string
		err = openRaw(t, d).QueryRowContext(t.Context(), `SELECT lease_holder FROM sync_cycles WHERE id = $1`, started.ID).Scan(&holder)
		if err != nil {
			t.Fatal(err)
		}
		killed, other := replicas[0], replicas[1]
		if !strings.Contains(holder, fmt.Sprintf("process %d ", killed.command.Process.Pid)) {
			killed, other = other, killed
		}
		killed.kill(t)
		mail.Clear()
		endLeases(t, d)
		t.Logf("killed after %d of %d users", before.UsersDone, users)
		other.expectLogs(t, other.awaitCycle(t, p.ID, started.ID), users)
	})
}

// A replica that stops hands its cycle over at once.
func TestStoppedReplicaHandsItsCycleOver(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, d storetest.Database) {
		const users = 40
		mail := sandboxtest.Start(t, exchange.Start, exchange.Options{})
		first := startMachine(t, machineOptions{Database: d, Durable: 1000})
		p := policyWithUsers(t, first.Client, mail, users)
		mail.Forget()
		started, err := first.StartCycle(t.Context(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		waittest.Until(t, "the cycle signs in", func() bool { return len(mail.Requests()) > 0 })
		first.stop(t)
		next := startMachine(t, machineOptions{Database: d, Durable: 1000})
		next.expectLogs(t, next.awaitCycle(t, p.ID, started.ID), users)
	})
}
