package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const url = "https://mail.example.com/api"

func settings() target.Settings {
	return target.Settings{"url": url, "username": "svc@example.com"}
}

func password(p string) target.Credentials { return target.Credentials{"password": p} }

func newMail(name string) engine.NewConnection {
	return engine.NewConnection{
		Name: name, System: "mailer", Settings: settings(), Credentials: password("right"), Verify: true,
	}
}

func newCRM(name string) engine.NewConnection {
	n := newMail(name)
	n.System = "sales"
	return n
}

// create makes a connection that must succeed.
func (w *world) create(n engine.NewConnection) engine.ConnectionDetail {
	w.t.Helper()
	return must(w.CreateConnection(w.ctx, n))(w.t)
}

// untested makes a connection of the email system whose credentials nobody has tried.
func (w *world) untested(p string) engine.ConnectionDetail {
	w.t.Helper()
	n := newMail("Untested")
	n.Credentials, n.Verify = password(p), false
	return w.create(n)
}

func (w *world) read(id string) engine.ConnectionDetail {
	w.t.Helper()
	return must(w.Connection(w.ctx, id))(w.t)
}

// test runs the quick test.
func (w *world) test(id string) engine.TestResult {
	w.t.Helper()
	return must(w.TestConnection(w.ctx, id, engine.TestRequest{}))(w.t)
}

// submit rotates the credentials, with verification.
func (w *world) submit(id, p string) error {
	_, err := w.UpdateConnection(w.ctx, id, engine.ConnectionChange{Credentials: password(p), Verify: true})
	return err
}

func (w *world) compare(id string, c target.Credentials) engine.ComparisonResult {
	w.t.Helper()
	return must(w.CompareCredentials(w.ctx, []engine.Comparison{{ConnectionID: id, Credentials: c}}))(w.t)[0]
}

// policy makes an enabled policy of a new pair of connections.
func (w *world) policy(name string) engine.Policy {
	w.t.Helper()
	crm, mail := w.create(newCRM(name+" CRM")), w.create(newMail(name+" mail"))
	return must(w.CreatePolicy(w.ctx, engine.NewPolicy{
		Name: name, CRMConnectionID: crm.ID, EmailConnectionID: mail.ID, Enabled: true, Interval: time.Hour,
	}))(w.t)
}

func (w *world) user(email string, enabled bool) engine.User {
	w.t.Helper()
	return must(w.CreateUser(w.ctx, engine.NewUser{Email: email, Enabled: enabled}))(w.t)
}

// cycle runs a full sync cycle to its end.
func (w *world) cycle(policyID string) engine.Cycle {
	w.t.Helper()
	return w.end(must(w.StartCycle(w.ctx, policyID))(w.t))
}

// end waits for the end of a cycle.
func (w *world) end(c engine.Cycle) engine.Cycle {
	w.t.Helper()
	timeout, cancel := context.WithTimeout(w.ctx, time.Minute)
	defer cancel()
	for {
		select {
		case ended := <-w.store.ends:
			if ended.ID == c.ID {
				return ended
			}
		case <-timeout.Done():
			w.t.Fatal("the cycle did not end")
		}
	}
}

// logs lists the sync logs of a cycle, oldest first.
func (w *world) logs(c engine.Cycle) []engine.SyncLog {
	w.t.Helper()
	logs := must(w.SyncLogs(w.ctx, engine.SyncLogFilter{CycleID: c.ID}, engine.Page{}))(w.t)
	for i, j := 0, len(logs)-1; i < j; i, j = i+1, j-1 {
		logs[i], logs[j] = logs[j], logs[i]
	}
	return logs
}

// must makes a failed call a failed test.
func must[T any](value T, err error) func(testing.TB) T {
	return func(tb testing.TB) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return value
	}
}

func wantFault(t *testing.T, err error, code target.Code) engine.FaultError {
	t.Helper()
	var fault *engine.FaultError
	if !errors.As(err, &fault) || fault.Fault.Code != code {
		t.Fatalf("want the fault %s, got %v", code, err)
	}
	return *fault
}
