package plane_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/plane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

func openStore(t *testing.T) *store.Store {
	t.Helper()
	return storetest.SQLite(t).Open(t, nil)
}

// listen starts a server with the handler and returns a client without retries.
func listen(t *testing.T, p *plane.Plane) *api.Client {
	t.Helper()
	server := httptest.NewServer(p.Handler())
	t.Cleanup(server.Close)
	client, err := api.NewClient(api.Options{BaseURL: server.URL, Transport: server.Client().Transport})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// closePlane closes a control plane and waits at most ten seconds.
func closePlane(t *testing.T, p *plane.Plane) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second)
	defer cancel()
	if err := p.Close(ctx); err != nil {
		t.Errorf("close: %v", err)
	}
}

// systems is a catalog of one system, without a network. Its sign-ins call signIn.
func systems(signIn func(context.Context) error) []*target.System {
	return []*target.System{{
		Name: "mail", Title: "Mail", Kind: target.Email,
		Fields: []target.Field{{Name: "username", Required: true, Binds: true}, {Name: "password", Secret: true}},
		Grants: []target.Grant{{Name: "password", Secrets: []string{"password"}}},
		Tests:  []target.Test{target.General}, UserTest: target.General,
		SignIn: func(ctx context.Context, _ target.Account) (target.Session, error) { return nil, signIn(ctx) },
	}}
}

func TestInstance(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options plane.Options
		fails   bool
	}{
		"embedded":               {plane.Options{Embedded: true}, false},
		"without authentication": {plane.Options{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.options.Store, c.options.StoreName, c.options.Version = openStore(t), "sqlite", "1.2.3"
			p := plane.New(c.options)
			defer closePlane(t, p)
			instance, err := listen(t, p).Instance(t.Context())
			if c.fails {
				if !api.IsProblem(err, api.ProblemUnauthenticated) {
					t.Errorf("error %v", err)
				}
				return
			}
			if err != nil || instance.ID != c.options.Store.InstanceID() || instance.Version != "1.2.3" ||
				instance.Store != "sqlite" || !instance.Embedded {
				t.Errorf("instance %+v, error %v", instance, err)
			}
		})
	}
}

// startCycle starts a cycle with one connection and one user.
func startCycle(t *testing.T, client *api.Client) api.Cycle {
	t.Helper()
	verify := false
	connection, err := client.CreateConnection(t.Context(), api.CreateConnection{
		Name: "Mail", System: "mail", Settings: map[string]string{"username": "svc@example.com"},
		Credentials: map[string]string{"password": "secret"}, Verify: &verify,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.CreateUser(t.Context(), api.CreateUser{Email: "ada@example.com", Enabled: true}); err != nil {
		t.Fatal(err)
	}
	policy, err := client.CreatePolicy(t.Context(), api.CreatePolicy{
		Name: "Mail", EmailConnectionID: &connection.ID, Enabled: true, IntervalSeconds: 900,
	})
	if err != nil {
		t.Fatal(err)
	}
	cycle, err := client.StartCycle(t.Context(), policy.ID)
	if err != nil || cycle.State != api.CycleRunning {
		t.Fatalf("cycle %+v, error %v", cycle, err)
	}
	return cycle
}

func TestCyclesEnd(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(t *testing.T, p *plane.Plane, policyID string){
		"EndCycles": func(t *testing.T, p *plane.Plane, policyID string) {
			t.Helper()
			if err := p.EndCycles(t.Context(), policyID); err != nil {
				t.Error(err)
			}
		},
		"Close": func(t *testing.T, p *plane.Plane, _ string) { t.Helper(); closePlane(t, p) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			started := make(chan struct{}, 1)
			options := plane.Options{Store: openStore(t), Embedded: true, Systems: systems(func(ctx context.Context) error {
				started <- struct{}{}
				<-ctx.Done() // a target system that does not respond
				return ctx.Err()
			})}
			p := plane.New(options)
			cycle := startCycle(t, listen(t, p))
			<-started
			end(t, p, cycle.PolicyID)
			closePlane(t, p)
			reopened := plane.New(options)
			defer closePlane(t, reopened)
			ended, err := listen(t, reopened).Cycle(t.Context(), cycle.PolicyID, cycle.ID)
			if err != nil || ended.State != api.CycleInterrupted {
				t.Errorf("cycle %+v, error %v", ended, err)
			}
		})
	}
}

func TestCloseRejectsRequests(t *testing.T) {
	t.Parallel()
	p := plane.New(plane.Options{Store: openStore(t), Embedded: true})
	server := httptest.NewServer(p.Handler())
	defer server.Close()
	closePlane(t, p)
	closePlane(t, p) // a second Close does nothing
	for _, path := range []string{"/v1/instance", "/healthz", "/unknown"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := server.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("X-Request-Id") == "" ||
			response.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: status %d, headers %v", path, response.StatusCode, response.Header)
		}
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestCloseWaitsForRequests(t *testing.T) {
	t.Parallel()
	started, proceed := make(chan struct{}), make(chan struct{})
	p := plane.New(plane.Options{Store: openStore(t), Embedded: true, Systems: systems(func(context.Context) error {
		close(started)
		<-proceed
		return &target.Fault{Code: target.GivenCredentials, Message: target.Say("wrong password"), Certain: true}
	})})
	client := listen(t, p)
	created := make(chan error, 1)
	go func() {
		_, err := client.CreateConnection(t.Context(), api.CreateConnection{
			Name: "Mail", System: "mail", Settings: map[string]string{"username": "svc@example.com"},
			Credentials: map[string]string{"password": "secret"},
		})
		created <- err
	}()
	<-started
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Close(canceled); err == nil || !strings.Contains(err.Error(), "requests are still being handled") {
		t.Errorf("close during a request: %v", err)
	}
	close(proceed)
	if err := <-created; !api.IsProblem(err, api.ProblemFault) { // the request was handled to its end
		t.Errorf("create: %v", err)
	}
}

func TestAbortCancelsRequests(t *testing.T) {
	t.Parallel()
	started := make(chan struct{})
	p := plane.New(plane.Options{Store: openStore(t), Embedded: true, Systems: systems(func(ctx context.Context) error {
		close(started)
		<-ctx.Done() // a target system that does not respond
		return ctx.Err()
	})})
	client := listen(t, p)
	created := make(chan error, 1)
	go func() {
		_, err := client.CreateConnection(t.Context(), api.CreateConnection{
			Name: "Mail", System: "mail", Settings: map[string]string{"username": "svc@example.com"},
			Credentials: map[string]string{"password": "secret"},
		})
		created <- err
	}()
	<-started
	p.Abort()
	closePlane(t, p)
	if err := <-created; err == nil {
		t.Error("the connection was created")
	}
}

// Terraform can stop the provider before it has all responses.
func TestDeliveryIsNotConfirmedDuringRequest(t *testing.T) {
	t.Parallel()
	started, proceed := make(chan struct{}), make(chan struct{})
	p := plane.New(plane.Options{Store: openStore(t), Embedded: true, Systems: systems(func(context.Context) error {
		close(started)
		<-proceed
		return &target.Fault{Code: target.GivenCredentials, Message: target.Say("wrong password"), Certain: true}
	}), RunEnded: func(string) bool { return true }})
	defer closePlane(t, p)
	server := httptest.NewServer(p.Handler())
	defer server.Close()
	create := func(run string) error {
		client, err := api.NewClient(api.Options{BaseURL: server.URL, Transport: server.Client().Transport, RunID: run})
		if err != nil {
			return err
		}
		_, err = client.CreateUser(t.Context(), api.CreateUser{Email: "ada@example.com"})
		return err
	}
	if err := create("run-1"); err != nil {
		t.Fatal(err)
	}
	ended, client := make(chan struct{}), listen(t, p)
	go func() {
		defer close(ended)
		_, err := client.CreateConnection(t.Context(), api.CreateConnection{
			Name: "Mail", System: "mail", Settings: map[string]string{"username": "svc@example.com"},
			Credentials: map[string]string{"password": "secret"},
		})
		if !api.IsProblem(err, api.ProblemFault) {
			t.Errorf("create: %v", err)
		}
	}()
	<-started
	if err := p.ConfirmDelivery(t.Context(), "run-1"); err != nil {
		t.Error(err)
	}
	close(proceed)
	<-ended
	if err := create("run-2"); err != nil {
		t.Errorf("the next run: %v", err)
	}
	if err := p.ConfirmDelivery(t.Context(), "run-2"); err != nil {
		t.Error(err)
	}
	if err := create("run-3"); !api.IsProblem(err, api.ProblemNameTaken) {
		t.Errorf("after the confirmation: %v", err)
	}
}
