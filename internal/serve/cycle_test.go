package serve_test

import (
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/serve"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/waittest"
)

// policyWithUser creates an enabled policy, with a connection on each side, and a user.
func policyWithUser(t *testing.T, c *api.Client, mail *exchange.Server, crm *salesforce.Server) api.Policy {
	t.Helper()
	email, err := c.CreateConnection(t.Context(), api.CreateConnection{
		Name: "Exchange", System: "exchange",
		Settings:    map[string]string{"ews_url": mail.URL(), "username": mail.Service().Email},
		Credentials: map[string]string{"password": mail.Service().Password},
	})
	if err != nil {
		t.Fatal(err)
	}
	sales, err := c.CreateConnection(t.Context(), api.CreateConnection{
		Name: "Salesforce", System: "salesforce",
		Settings: map[string]string{
			"login_url": crm.LoginURL(), "username": crm.Service().Username, "client_id": crm.App().ConsumerKey,
		},
		Credentials: map[string]string{"client_secret": crm.App().Secret, "refresh_token": crm.RefreshToken()},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.CreateUser(t.Context(), api.CreateUser{Email: "ann@example.com", Enabled: true}); err != nil {
		t.Fatal(err)
	}
	p, err := c.CreatePolicy(t.Context(), api.CreatePolicy{
		Name: "Sync", CRMConnectionID: &sales.ID, EmailConnectionID: &email.ID, Enabled: true, IntervalSeconds: 900,
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A cycle that runs while its server stops is saved, and the next server continues it.
func TestStopSavesCycle(t *testing.T) {
	t.Parallel()
	for name, newStorage := range map[string]func(*testing.T) storage.Options{
		"SQLite": newDataDir, "PostgreSQL": func(t *testing.T) storage.Options { t.Helper(); return on(storetest.PostgreSQL(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := serve.Options{
				Storage: newStorage(t), PublicURL: "https://riva.example.com", Targets: target.AddressOptions{Allow: []string{"127.0.0.1"}},
				StopTimeout: 6 * time.Second, // the target system does not answer, so the whole time passes
			}
			mail := sandboxtest.Start(t, exchange.Start, exchange.Options{})
			crm := sandboxtest.Start(t, salesforce.Start, salesforce.Options{})
			first := start(t, o)
			registered := register(t, o.Storage, api.ScopeRead, api.ScopeWrite, api.ScopeTest)
			c := connect(t, first.url, "", registered)
			p := policyWithUser(t, c, mail, crm)
			if err := mail.Fail(sandbox.Slow(), sandbox.UntilCleared); err != nil {
				t.Fatal(err)
			}
			mail.Forget()
			for _, system := range []string{"exchange", "salesforce"} {
				want := `{fault="none",system="` + system + `",test="general"} 1`
				if len(first.metrics(t, "riva_connection_tests_total"+want)) != 1 {
					t.Errorf("the tests before saving: %q", first.metrics(t, "riva_connection_tests_total"))
				}
			}
			started, err := c.StartCycle(t.Context(), p.ID)
			if err != nil {
				t.Fatal(err)
			}
			waittest.Until(t, "the cycle signs in", func() bool { return len(mail.Requests()) > 0 })
			first.signal()
			if err := <-first.ended; err != nil {
				t.Fatalf("stop: %v", err)
			}
			mail.Clear()
			second := start(t, o)
			c = connect(t, second.url, "", registered)
			waittest.Until(t, "the cycle ends", func() bool {
				found, err := c.Cycle(t.Context(), p.ID, started.ID)
				if err != nil {
					t.Fatal(err)
				}
				return found.State == api.CycleFinished
			})
			waittest.Until(t, "it is counted", func() bool {
				return len(second.metrics(t, `riva_cycles_total{state="finished"} 1`)) == 1
			})
		})
	}
}
