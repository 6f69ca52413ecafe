//go:build unix

package servetest_test

import (
	"database/sql"
	"fmt"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/servetest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/waittest"
)

// cycleUsers is how many users each cycle of these tests checks.
const cycleUsers = 20

// createPolicies creates enabled policies with the same two connections, and users, as the owner of the database.
func createPolicies(t *testing.T, d storetest.Database, mail *exchange.Server, number int) (policies []api.Policy) {
	t.Helper()
	crm := sandboxtest.Start(t, salesforce.Start, salesforce.Options{})
	servetest.AsOwner(t, d, func(owner *api.Client) {
		m, err := owner.CreateConnection(t.Context(), exchangeAt("Exchange", mail))
		must(t, err)
		c, err := owner.CreateConnection(t.Context(), api.CreateConnection{
			Name: "Salesforce", System: "salesforce",
			Settings: map[string]string{
				"login_url": crm.LoginURL(), "username": crm.Service().Username, "client_id": crm.App().ConsumerKey,
			},
			Credentials: map[string]string{"client_secret": crm.App().Secret, "refresh_token": crm.RefreshToken()},
		})
		must(t, err)
		for i := range number {
			p, err := owner.CreatePolicy(t.Context(), api.CreatePolicy{
				Name: fmt.Sprintf("Sync %d", i), CRMConnectionID: &c.ID, EmailConnectionID: &m.ID, Enabled: true, IntervalSeconds: 900,
			})
			must(t, err)
			policies = append(policies, p)
		}
		for i := range cycleUsers {
			_, err := owner.CreateUser(t.Context(), api.CreateUser{Email: fmt.Sprintf("user%d@example.com", i), Enabled: true})
			must(t, err)
		}
	})
	return policies
}

// exchangeAt is a connection to the stand-in for Exchange.
func exchangeAt(name string, mail *exchange.Server) api.CreateConnection {
	return api.CreateConnection{
		Name: name, System: "exchange", Settings: map[string]string{"ews_url": mail.URL(), "username": mail.Service().Email},
		Credentials: map[string]string{"password": mail.Service().Password},
	}
}

// startPair starts two replicas, and a client for each of them.
func startPair(t *testing.T, d storetest.Database) (replicas []*servetest.Process, clients []*api.Client) {
	t.Helper()
	issued := servetest.Register(t, d, api.ScopeRead, api.ScopeWrite, api.ScopeTest)
	environment := append(servetest.Environment(d), "RIVA_PUBLIC_URL="+servetest.PublicURL)
	for range 2 {
		p := servetest.Start(t, environment, "--allow-target", "127.0.0.1")
		replicas, clients = append(replicas, p), append(clients, p.Client(t, issued))
	}
	return replicas, clients
}

// openDatabase opens the tables of a PostgreSQL database.
func openDatabase(t *testing.T, d storetest.Database) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", d.Address+"&search_path=riva")
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// holders are the ids of the processes that run cycles, each with its number of cycles.
func holders(t *testing.T, db *sql.DB) map[int]int {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT lease_holder FROM sync_cycles WHERE state = 'running' AND lease_holder <> ''`)
	must(t, err)
	defer rows.Close() //nolint:errcheck // only read from
	found := map[int]int{}
	for rows.Next() {
		var holder string
		must(t, rows.Scan(&holder))
		var process int
		_, err := fmt.Sscanf(holder, "process %d ", &process)
		must(t, err)
		found[process]++
	}
	must(t, rows.Err())
	return found
}

// expectEnd waits for the end of a cycle, which has checked each user once on both connections.
func expectEnd(t *testing.T, c *api.Client, started api.Cycle) {
	t.Helper()
	var ended api.Cycle
	waittest.Until(t, "the cycle ends", func() bool {
		var err error
		ended, err = c.Cycle(t.Context(), started.PolicyID, started.ID)
		must(t, err)
		return ended.State != api.CycleRunning
	})
	logs, err := c.SyncLogs(t.Context(), api.SyncLogFilter{CycleID: started.ID}, 3*cycleUsers)
	must(t, err)
	times := map[string]int{}
	for _, l := range logs {
		times[l.UserEmail+" on "+l.ConnectionName]++
	}
	if ended.State != api.CycleFinished || ended.UsersDone != cycleUsers || len(logs) != 2*cycleUsers || len(times) != 2*cycleUsers {
		t.Errorf("the cycle: %+v with %d logs of %d kinds", ended, len(logs), len(times))
	}
}

// Of two replicas, the one that runs a cycle is killed. The other one continues it, and checks nobody twice.
func TestCycleOfKilledReplicaContinues(t *testing.T) {
	t.Parallel()
	d, mail := storetest.PostgreSQL(t), sandboxtest.Start(t, exchange.Start, exchange.Options{})
	policy := createPolicies(t, d, mail, 1)[0]
	replicas, clients := startPair(t, d)
	must(t, mail.Fail(sandbox.Slow(), sandbox.UntilCleared))
	mail.Forget()
	started, err := clients[0].StartCycle(t.Context(), policy.ID)
	must(t, err)
	if _, err := clients[1].StartCycle(t.Context(), policy.ID); !api.IsProblem(err, api.ProblemCycleRunning) {
		t.Errorf("the other replica: %v", err)
	}
	waittest.Until(t, "the cycle signs in", func() bool { return len(mail.Requests()) > 0 })
	db := openDatabase(t, d)
	killed, other := 0, 1
	if holders(t, db)[replicas[1].Process.Pid] > 0 {
		killed, other = 1, 0
	}
	replicas[killed].Kill(t)
	mail.Clear()
	const past = "2000-01-01T00:00:00.000000Z" // as a while later
	_, err = db.ExecContext(t.Context(), `UPDATE sync_cycles SET lease_until = $1 WHERE state = 'running'`, past)
	must(t, err)
	_, err = db.ExecContext(t.Context(), `UPDATE leases SET expires_at = $1`, past)
	must(t, err)
	expectEnd(t, clients[other], started)
}

// Cycles of more policies than one replica runs at a time are shared by two, and each one checks everybody once.
func TestReplicasShareCycles(t *testing.T) {
	t.Parallel()
	const policies = 9 // a replica runs 8 at a time
	d, mail := storetest.PostgreSQL(t), sandboxtest.Start(t, exchange.Start, exchange.Options{})
	created := createPolicies(t, d, mail, policies)
	_, clients := startPair(t, d)
	must(t, mail.Fail(sandbox.Slow(), sandbox.UntilCleared)) // so that no cycle ends before the last one has begun
	var started []api.Cycle
	for i, p := range created {
		c, err := clients[i%2].StartCycle(t.Context(), p.ID)
		must(t, err)
		started = append(started, c)
	}
	db := openDatabase(t, d)
	waittest.Until(t, "all cycles run, in both replicas", func() bool {
		running := 0
		found := holders(t, db)
		for _, cycles := range found {
			running += cycles
		}
		return running == policies && len(found) == 2
	})
	mail.Clear()
	for _, c := range started {
		expectEnd(t, clients[0], c)
	}
}
