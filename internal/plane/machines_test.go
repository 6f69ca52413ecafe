package plane_test

import (
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/waittest"
)

// startMachines starts machines with one database. If it has a server, their clocks differ, since only the server's counts.
func startMachines(t *testing.T, d storetest.Database) []*machine {
	t.Helper()
	machines := make([]*machine, 4)
	for i := range machines {
		o := machineOptions{Database: d}
		if d.Address != "" {
			o.Ahead = time.Duration(i-1) * 20 * time.Minute
		}
		machines[i] = startMachine(t, o)
	}
	return machines
}

// forAll calls f for each machine several times, all at the same time.
func forAll(machines []*machine, times int, f func(m *machine, call int)) {
	var calls sync.WaitGroup
	for i, m := range machines {
		for j := range times {
			calls.Go(func() { f(m, i*times+j) })
		}
	}
	calls.Wait()
}

func mailConnection(s *exchange.Server, name, password string) api.CreateConnection {
	return api.CreateConnection{
		Name: name, System: "exchange", Settings: map[string]string{"ews_url": s.URL(), "username": s.Service().Email},
		Credentials: map[string]string{"password": password},
	}
}

// Most systems lock an account after a few wrong passwords, whichever machine sends them.
func TestMachinesSendWrongPasswordTwice(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, d storetest.Database) {
		mail := sandboxtest.Start(t, exchange.Start, exchange.Options{})
		forAll(startMachines(t, d), 3, func(m *machine, call int) {
			_, err := m.CreateConnection(t.Context(), mailConnection(mail, fmt.Sprintf("Exchange %d", call), "wrong"))
			if !api.IsProblem(err, api.ProblemFault) {
				t.Errorf("call %d: %v", call, err)
			}
		})
		if got := mail.SignIns(); got.Rejected < 1 || got.Rejected > 2 {
			t.Errorf("the wrong password was sent %d times, want at most 2", got.Rejected)
		}
	})
}

// rotatingCRM is a Salesforce that accepts each refresh token only once, and a connection to it.
func rotatingCRM(t *testing.T, client *api.Client) (s *salesforce.Server, id string) {
	t.Helper()
	s = sandboxtest.Start(t, salesforce.Start, salesforce.Options{})
	if err := s.UpdateApp(func(a *salesforce.App) { a.RotateRefreshTokens = true }); err != nil {
		t.Fatal(err)
	}
	created, err := client.CreateConnection(t.Context(), api.CreateConnection{
		Name: "Salesforce", System: "salesforce",
		Settings: map[string]string{
			"login_url": s.LoginURL(), "username": s.Service().Username, "client_id": s.App().ConsumerKey,
		},
		Credentials: map[string]string{"client_secret": s.App().Secret, "refresh_token": s.RefreshToken()},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, created.ID
}

// expectTokensOnce expects that Salesforce got no refresh token a second time, and rejected none.
func expectTokensOnce(t *testing.T, s *salesforce.Server, atLeast int) {
	t.Helper()
	seen := map[string]bool{}
	for _, attempt := range s.SignInList() {
		if !attempt.Accepted || seen[attempt.Secret] {
			t.Errorf("Salesforce got a refresh token again, or rejected it: %s at %s", attempt.Reason, attempt.Time)
		}
		seen[attempt.Secret] = true
	}
	if len(seen) < atLeast {
		t.Errorf("Salesforce got %d refresh tokens, want at least %d", len(seen), atLeast)
	}
}

func mustPass(t *testing.T, m *machine, id string) {
	t.Helper()
	result, err := m.RunTest(t.Context(), id, api.RunTest{Test: string(target.General)})
	if err != nil || !result.Passed {
		t.Errorf("test: %+v, %v", result, err)
	}
}

func TestMachinesSpendRefreshTokensOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, d storetest.Database) {
		machines := startMachines(t, d)
		crm, id := rotatingCRM(t, machines[0].Client)
		forAll(machines, 3, func(m *machine, _ int) { mustPass(t, m, id) })
		expectTokensOnce(t, crm, len(machines))
	})
}

// The machine is killed after Salesforce has rotated the token, and before the sign-in is complete. The next one waits until the
// lease of the killed one has ended.
func TestKilledMachineKeepsRotatedToken(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, d storetest.Database) {
		machines := startMachines(t, d)
		crm, id := rotatingCRM(t, machines[0].Client)
		if err := crm.Fail(sandbox.Slow().ForOperation("userinfo"), sandbox.UntilCleared); err != nil {
			t.Fatal(err)
		}
		crm.Forget()
		victim, failed := machines[1], make(chan error, 1)
		go func() {
			_, err := victim.RunTest(t.Context(), id, api.RunTest{Test: string(target.General)})
			failed <- err
		}()
		waittest.Until(t, "Salesforce gets the call after the sign-in", func() bool {
			for _, r := range crm.Requests() {
				if r.Operation == "userinfo" {
					return true
				}
			}
			return false
		})
		victim.kill(t)
		if err := <-failed; err == nil {
			t.Error("the test on the killed machine has a result")
		}
		crm.Clear()
		mustPass(t, machines[2], id)
		expectTokensOnce(t, crm, 2)
	})
}

// balancer sends each request to the next machine that lives.
type balancer struct {
	network http.RoundTripper

	mu   sync.Mutex
	all  []*machine
	next int
}

func (b *balancer) RoundTrip(r *http.Request) (*http.Response, error) {
	b.mu.Lock()
	b.next++
	m := b.all[b.next%len(b.all)]
	b.mu.Unlock()
	address, err := url.Parse(m.url)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.URL.Host = address.Host
	return b.network.RoundTrip(r)
}

// replace kills a machine while it works, and puts another one in its place.
func (b *balancer) replace(t *testing.T, i int, with *machine) {
	t.Helper()
	b.mu.Lock()
	victim := b.all[i]
	b.mu.Unlock()
	victim.kill(t)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all[i] = with
}

// A client repeats a request whose response it did not get, and another machine handles it.
func TestMachinesHandleRepeatedRequestOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, d storetest.Database) {
		machines := startMachines(t, d)
		ids := make([]string, len(machines))
		for i := range machines {
			m := machines[len(machines)-1-i] // the one whose clock is furthest ahead is the first
			response := sandboxtest.Send(t, sandboxtest.Client(), sandboxtest.Request(t, http.MethodPost, m.url+"/v1/users",
				`{"email":"ann@example.com","enabled":true}`, "Content-Type", "application/json", "Idempotency-Key", "key"))
			if ids[i] = response.Text("id"); response.Status != http.StatusCreated || ids[i] != ids[0] {
				t.Errorf("machine %d: %d %s", i, response.Status, response.Body)
			}
		}
	})
}

func TestKilledMachinesLoseNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, d storetest.Database) {
		network, err := api.NewTransport("")
		if err != nil {
			t.Fatal(err)
		}
		machines := &balancer{network: network, all: startMachines(t, d)}
		client, err := api.NewClient(api.Options{BaseURL: machines.all[0].url, Transport: machines, MaxRetries: 10})
		if err != nil {
			t.Fatal(err)
		}
		w := startWriters(t, client)
		for i := range machines.all {
			w.await(t, 20)
			machines.replace(t, i, startMachine(t, machineOptions{Database: d}))
		}
		w.await(t, 20)
		w.stop()
		w.verify(t, client)
	})
}
