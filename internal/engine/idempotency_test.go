package engine_test

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// as returns a context of a caller with an idempotency key and the digest of the request.
func (w *fixture) as(name, key, body string) context.Context {
	w.t.Helper()
	return engine.WithCaller(w.ctx, engine.Caller{
		Name: name, IdempotencyKey: key, RequestDigest: must(w.RequestDigest(body))(w.t),
	})
}

func TestRepeatedMutationRunsOnce(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		spare, unused := w.create(newMail("Spare")), w.create(newMail("Unused"))
		u := w.user("a@example.com", true)
		for name, mutate := range map[string]func(context.Context) (any, error){
			"create a connection": func(ctx context.Context) (any, error) { return w.CreateConnection(ctx, newMail("New")) },
			"rotate": func(ctx context.Context) (any, error) {
				return w.UpdateConnection(ctx, spare.ID, model.ConnectionChange{
					Credentials: password("right"), Verify: true, Revision: 1,
				})
			},
			"test a connection": func(ctx context.Context) (any, error) {
				return w.TestConnection(ctx, p.EmailConnectionID, model.TestRequest{})
			},
			"delete a connection": func(ctx context.Context) (any, error) { return nil, w.DeleteConnection(ctx, unused.ID, 1) },
			"create a policy": func(ctx context.Context) (any, error) {
				return w.CreatePolicy(ctx, model.NewPolicy{Name: "New", Interval: time.Hour})
			},
			"change a policy": func(ctx context.Context) (any, error) {
				return w.UpdatePolicy(ctx, p.ID, model.PolicyChange{Name: new("Renamed"), Revision: 1})
			},
			"create a user": func(ctx context.Context) (any, error) {
				return w.CreateUser(ctx, model.NewUser{Email: "new@example.com"})
			},
			"change a user": func(ctx context.Context) (any, error) {
				return w.UpdateUser(ctx, u.ID, model.UserChange{Enabled: new(false), Revision: 1})
			},
		} {
			t.Run(name, func(t *testing.T) {
				ctx := w.as("pipeline", name, "body")
				first := must(mutate(ctx))(t)
				calls, events := w.mail.calls(), len(w.store.outcomes())
				w.clock.advance(time.Hour)
				if again := must(mutate(ctx))(t); !reflect.DeepEqual(again, first) {
					t.Errorf("another result:\n got %+v\nwant %+v", again, first)
				}
				if w.mail.calls() != calls || len(w.store.outcomes()) != events {
					t.Error("the repeated request did something")
				}
				if _, err := mutate(w.as("pipeline", name, "another body")); !errors.Is(err, model.ErrIdempotencyKey) {
					t.Errorf("the key for another request: %v", err)
				}
			})
		}
	})
}

func TestRepeatedCycleStartRunsOnce(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		ctx := w.as("pipeline", "key", "body")
		first := must(w.RequestCycle(ctx, p.ID))(t)
		w.waitForCycle(first)
		calls := w.mail.calls()
		if again := must(w.RequestCycle(ctx, p.ID))(t); again.ID != first.ID {
			t.Error("another cycle was started")
		}
		if err := w.queue.Close(w.ctx); err != nil || w.mail.calls() != calls {
			t.Errorf("the repeated request ran: %v", err)
		}
	})
}

func TestIdempotencyKeyIsPerCallerForADay(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		first := must(w.CreateUser(w.as("pipeline", "key", "a"), model.NewUser{Email: "a@example.com"}))(t)
		second := must(w.CreateUser(w.as("console", "key", "b"), model.NewUser{Email: "b@example.com"}))(t)
		if first.ID == second.ID {
			t.Error("two callers with the same key got the same result")
		}
		w.clock.advance(24*time.Hour + time.Second)
		must(w.CreateUser(w.as("pipeline", "key", "c"), model.NewUser{Email: "c@example.com"}))(t)
	})
}

func TestFailedMutationCanBeRetried(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		w.mail.set(func(f *fake) { f.fault = outage() })
		ctx := w.as("pipeline", "key", "body")
		_, err := w.CreateConnection(ctx, newMail("Mail"))
		wantFault(t, err, "system_not_available")
		w.mail.set(func(f *fake) { f.fault = nil })
		must(w.CreateConnection(ctx, newMail("Mail")))(t)
	})
}

func TestConcurrentRepeatsRunOnce(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		ctx := w.as("pipeline", "key", "body")
		ids := make([]string, 4)
		var waiting sync.WaitGroup
		for i := range ids {
			waiting.Go(func() {
				c, err := w.CreateConnection(ctx, newMail("Mail"))
				if err != nil {
					t.Error(err)
				}
				ids[i] = c.ID
			})
		}
		waiting.Wait()
		for _, id := range ids {
			if id != ids[0] {
				t.Errorf("ids %v", ids)
			}
		}
	})
}
