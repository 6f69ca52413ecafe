package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const url = "https://mail.example.com/api"

func settings() target.Settings {
	return target.Settings{"url": url, "username": "svc@example.com"}
}

func password(p string) target.Credentials { return target.Credentials{"password": p} }

func newMail(name string) model.NewConnection {
	return model.NewConnection{
		Name: name, System: "mailer", Settings: settings(), Credentials: password("right"), Verify: true,
	}
}

func newCRM(name string) model.NewConnection {
	n := newMail(name)
	n.System = "sales"
	return n
}

// create creates a connection and must succeed.
func (w *fixture) create(n model.NewConnection) model.ConnectionDetail {
	w.t.Helper()
	return must(w.CreateConnection(w.ctx, n))(w.t)
}

// createUnverified creates a connection to the email system with unverified credentials.
func (w *fixture) createUnverified(p string) model.ConnectionDetail {
	w.t.Helper()
	n := newMail("Unverified")
	n.Credentials, n.Verify = password(p), false
	return w.create(n)
}

func (w *fixture) read(id string) model.ConnectionDetail {
	w.t.Helper()
	return must(w.Connection(w.ctx, id))(w.t)
}

// test runs the quick test.
func (w *fixture) test(id string) model.TestResult {
	w.t.Helper()
	return must(w.TestConnection(w.ctx, id, model.TestRequest{}))(w.t)
}

// submit rotates the credentials, with verification.
func (w *fixture) submit(id, p string) error {
	_, err := w.UpdateConnection(w.ctx, id, model.ConnectionChange{Credentials: password(p), Verify: true})
	return err
}

func (w *fixture) compare(id string, c target.Credentials) model.ComparisonResult {
	w.t.Helper()
	return must(w.CompareCredentials(w.ctx, []model.Comparison{{ConnectionID: id, Credentials: c}}))(w.t)[0]
}

// policy creates an enabled policy with two new connections.
func (w *fixture) policy(name string) model.Policy {
	w.t.Helper()
	crm, mail := w.create(newCRM(name+" CRM")), w.create(newMail(name+" mail"))
	return must(w.CreatePolicy(w.ctx, model.NewPolicy{
		Name: name, CRMConnectionID: crm.ID, EmailConnectionID: mail.ID, Enabled: true, Interval: time.Hour,
	}))(w.t)
}

func (w *fixture) user(email string, enabled bool) model.User {
	w.t.Helper()
	return must(w.CreateUser(w.ctx, model.NewUser{Email: email, Enabled: enabled}))(w.t)
}

// cycle runs a full sync cycle until it ends.
func (w *fixture) cycle(policyID string) model.Cycle {
	w.t.Helper()
	return w.waitForCycle(must(w.RequestCycle(w.ctx, policyID))(w.t))
}

// waitForCycle waits for the end of a cycle.
func (w *fixture) waitForCycle(c model.Cycle) model.Cycle {
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
func (w *fixture) logs(c model.Cycle) []model.SyncLog {
	w.t.Helper()
	logs := must(w.SyncLogs(w.ctx, model.SyncLogFilter{CycleID: c.ID}, model.Page{}))(w.t)
	for i, j := 0, len(logs)-1; i < j; i, j = i+1, j-1 {
		logs[i], logs[j] = logs[j], logs[i]
	}
	return logs
}

// must fails the test if a call failed.
func must[T any](value T, err error) func(testing.TB) T {
	return func(tb testing.TB) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return value
	}
}

func wantFault(t *testing.T, err error, code target.Code) model.FaultError {
	t.Helper()
	var fault *model.FaultError
	if !errors.As(err, &fault) || fault.Fault.Code != code {
		t.Fatalf("want the fault %s, got %v", code, err)
	}
	return *fault
}
