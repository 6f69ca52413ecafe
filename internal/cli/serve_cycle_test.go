//go:build unix

package cli_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/waittest"
)

// cycleUsers is how many users the cycle of a test checks.
const cycleUsers = 30

// policyOn makes an enabled policy with users in a database, as its owner, and a client of the shared control plane.
func policyOn(t *testing.T, d storetest.Database, mail *exchange.Server) (p api.Policy, issued api.IssuedClient) {
	t.Helper()
	control, err := embedded.Open(t.Context(), embedded.Options{
		DatabaseURL: d.Address, KeysetJSON: string(d.Keyset), Systems: catalog.All(),
	})
	must(t, err)
	owner, err := api.NewClient(api.Options{BaseURL: embedded.BaseURL, Transport: control})
	must(t, err)
	m, err := owner.CreateConnection(t.Context(), api.CreateConnection{
		Name: "Exchange", System: "exchange", Settings: map[string]string{"ews_url": mail.URL(), "username": mail.Service().Email},
		Credentials: map[string]string{"password": mail.Service().Password},
	})
	must(t, err)
	crm := sandboxtest.Start(t, salesforce.Start, salesforce.Options{})
	c, err := owner.CreateConnection(t.Context(), api.CreateConnection{
		Name: "Salesforce", System: "salesforce",
		Settings: map[string]string{
			"login_url": crm.LoginURL(), "username": crm.Service().Username, "client_id": crm.App().ConsumerKey,
		},
		Credentials: map[string]string{"client_secret": crm.App().Secret, "refresh_token": crm.RefreshToken()},
	})
	must(t, err)
	p, err = owner.CreatePolicy(t.Context(), api.CreatePolicy{
		Name: "Sync", CRMConnectionID: &c.ID, EmailConnectionID: &m.ID, Enabled: true, IntervalSeconds: 900,
	})
	must(t, err)
	for i := range cycleUsers {
		_, err := owner.CreateUser(t.Context(), api.CreateUser{Email: fmt.Sprintf("user%d@example.com", i), Enabled: true})
		must(t, err)
	}
	issued, err = owner.CreateClient(t.Context(), api.CreateRegisteredClient{
		Name: "pipeline", Scopes: []api.Scope{api.ScopeRead, api.ScopeWrite, api.ScopeTest},
	})
	must(t, err)
	must(t, control.Close())
	return p, issued
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// client is an authenticated client of the process.
func (p serveProcess) client(t *testing.T, as api.IssuedClient) *api.Client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	tokens := api.Credentials{ClientID: as.Client.ID, ClientSecret: string(as.Secret)}.TokenSource(p.url, transport)
	c, err := api.NewClient(api.Options{BaseURL: p.url, Transport: transport, TokenSource: tokens})
	must(t, err)
	return c
}

// Of two replicas, the one that runs a cycle is killed. The other one continues it, and checks nobody twice.
func TestServeContinuesCycleOfKilledReplica(t *testing.T) {
	t.Parallel()
	d, mail := storetest.PostgreSQL(t), sandboxtest.Start(t, exchange.Start, exchange.Options{})
	policy, issued := policyOn(t, d, mail)
	environment := []string{
		"RIVA_DATABASE_URL=" + d.Address, "RIVA_KEYSET_JSON=" + string(d.Keyset), "RIVA_PUBLIC_URL=http://127.0.0.1:1",
	}
	replicas := []serveProcess{
		startServeWith(t, environment, "--allow-target", "127.0.0.1"),
		startServeWith(t, environment, "--allow-target", "127.0.0.1"),
	}
	clients := []*api.Client{replicas[0].client(t, issued), replicas[1].client(t, issued)}
	must(t, mail.Fail(sandbox.Slow(), sandbox.UntilCleared))
	mail.Forget()
	started, err := clients[0].StartCycle(t.Context(), policy.ID)
	must(t, err)
	if _, err := clients[1].StartCycle(t.Context(), policy.ID); !api.IsProblem(err, api.ProblemCycleRunning) {
		t.Errorf("the other replica: %v", err)
	}
	waittest.Until(t, "the cycle signs in", func() bool { return len(mail.Requests()) > 0 })
	db, err := sql.Open("pgx", d.Address+"&search_path=riva")
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	var holder string
	must(t, db.QueryRowContext(t.Context(), `SELECT lease_holder FROM sync_cycles WHERE id = $1`, started.ID).Scan(&holder))
	killed, other := 0, 1
	if !strings.Contains(holder, fmt.Sprintf("process %d ", replicas[0].Process.Pid)) {
		killed, other = 1, 0
	}
	must(t, replicas[killed].Process.Kill())
	_ = replicas[killed].Wait() // it reports that the process was killed
	mail.Clear()
	const past = "2000-01-01T00:00:00.000000Z" // as a while later
	_, err = db.ExecContext(t.Context(), `UPDATE sync_cycles SET lease_until = $1 WHERE state = 'running'`, past)
	must(t, err)
	_, err = db.ExecContext(t.Context(), `UPDATE leases SET expires_at = $1`, past)
	must(t, err)

	var ended api.Cycle
	waittest.Until(t, "the cycle ends", func() bool {
		ended, err = clients[other].Cycle(t.Context(), policy.ID, started.ID)
		must(t, err)
		return ended.State != api.CycleRunning
	})
	logs, err := clients[other].SyncLogs(t.Context(), api.SyncLogFilter{CycleID: started.ID}, 3*cycleUsers)
	must(t, err)
	times := map[string]int{}
	for _, l := range logs {
		times[l.UserEmail+" on "+l.ConnectionName]++
	}
	if ended.State != api.CycleFinished || ended.UsersDone != cycleUsers || len(logs) != 2*cycleUsers || len(times) != 2*cycleUsers {
		t.Errorf("the cycle: %+v with %d logs of %d kinds", ended, len(logs), len(times))
	}
}
