package engine_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// run returns a context of a request that a run of the client pipeline sends with an idempotency key of its own.
func (w *fixture) run(id, key string) context.Context {
	w.t.Helper()
	caller := engine.CallerFrom(w.as("pipeline", key, "body"))
	caller.RunID = id
	return engine.WithCaller(w.ctx, caller)
}

// creation creates an object of one type, changes it, and counts such objects.
type creation struct {
	action string
	create func(w *fixture, ctx context.Context) (any, error)
	id     func(any) string
	change func(w *fixture, id string) error
	count  func(w *fixture) (int, error)
}

// idOf returns the id of what was created; empty if it is of another type.
func idOf[T any](created any, id func(T) string) string {
	object, _ := created.(T)
	return id(object)
}

var creations = map[string]creation{
	"connection": {
		action: "connection.create",
		create: func(w *fixture, ctx context.Context) (any, error) { return w.CreateConnection(ctx, newMail("Mail")) },
		id: func(created any) string {
			return idOf(created, func(o model.ConnectionDetail) string { return o.ID })
		},
		change: func(w *fixture, id string) error {
			_, err := w.UpdateConnection(w.ctx, id, model.ConnectionChange{Settings: map[string]string{
				"url": url, "username": "svc@example.com", "region": "eu",
			}})
			return err
		},
		count: func(w *fixture) (int, error) {
			all, err := w.Connections(w.ctx, model.ConnectionFilter{}, model.Page{})
			return len(all), err
		},
	},
	"sync policy": {
		action: "policy.create",
		create: func(w *fixture, ctx context.Context) (any, error) {
			return w.CreatePolicy(ctx, model.NewPolicy{Name: "Mail", Interval: time.Hour})
		},
		id: func(created any) string { return idOf(created, func(o model.Policy) string { return o.ID }) },
		change: func(w *fixture, id string) error {
			_, err := w.UpdatePolicy(w.ctx, id, model.PolicyChange{Interval: new(2 * time.Hour)})
			return err
		},
		count: func(w *fixture) (int, error) {
			all, err := w.Policies(w.ctx, model.PolicyFilter{}, model.Page{})
			return len(all), err
		},
	},
	"user": {
		action: "user.create",
		create: func(w *fixture, ctx context.Context) (any, error) {
			return w.CreateUser(ctx, model.NewUser{Email: "ada@example.com"})
		},
		id: func(created any) string { return idOf(created, func(o model.User) string { return o.ID }) },
		change: func(w *fixture, id string) error {
			_, err := w.UpdateUser(w.ctx, id, model.UserChange{Enabled: new(true)})
			return err
		},
		count: func(w *fixture) (int, error) {
			all, err := w.Users(w.ctx, model.UserFilter{}, model.Page{})
			return len(all), err
		},
	},
}

func TestUndeliveredCreateIsRepeatedForNextRun(t *testing.T) {
	t.Parallel()
	for name, c := range creations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachFixture(t, func(t *testing.T, w *fixture) {
				first := must(c.create(w, w.run("run 1", "key 1")))(t) // then the run is killed
				calls := w.mail.calls()
				w.clock.advance(10 * time.Minute)
				second := must(c.create(w, w.run("run 2", "key 2")))(t)
				if !reflect.DeepEqual(second, first) {
					t.Errorf("another result:\n got %+v\nwant %+v", second, first)
				}
				if n, err := c.count(w); err != nil || n != 1 {
					t.Errorf("there are %d, %v", n, err)
				}
				if w.mail.calls() != calls {
					t.Error("the target system was called")
				}
				if got := w.store.lastEvent(); got.Action != c.action || got.Outcome != "repeated" || got.ObjectID != c.id(first) {
					t.Errorf("audited: %+v", got)
				}
				if again := must(c.create(w, w.run("run 2", "key 2")))(t); !reflect.DeepEqual(again, first) {
					t.Errorf("repeated by the second run: %+v", again)
				}
				// The second run is killed as well.
				w.clock.advance(10 * time.Minute)
				if third := must(c.create(w, w.run("run 3", "key 3")))(t); !reflect.DeepEqual(third, first) {
					t.Errorf("the third run: %+v", third)
				}
				if err := w.ConfirmDelivery(w.ctx, "run 3"); err != nil {
					t.Fatal(err)
				}
				if _, err := c.create(w, w.run("run 4", "key 4")); !errors.Is(err, model.ErrNameTaken) {
					t.Errorf("after the third run confirmed: %v", err)
				}
			})
		})
	}
}

func TestTakenNameIsErrorForOtherCreates(t *testing.T) {
	t.Parallel()
	for reason, test := range map[string]struct {
		between func(w *fixture, c creation, id string) error
		again   func(w *fixture) context.Context
	}{
		"same run":      {again: func(w *fixture) context.Context { return w.run("run 1", "key 2") }},
		"without a run": {again: func(w *fixture) context.Context { return w.as("pipeline", "key 2", "body") }},
		"without a key": {again: func(w *fixture) context.Context { return w.run("run 2", "") }},
		"other request": {again: func(w *fixture) context.Context {
			return w.changed(func(c *engine.Caller) { c.RequestDigest = []byte("x") })
		}},
		"other client":   {again: func(w *fixture) context.Context { return w.changed(func(c *engine.Caller) { c.Name = "console" }) }},
		"delivered":      {between: func(w *fixture, _ creation, _ string) error { return w.ConfirmDelivery(w.ctx, "run 1") }},
		"object changed": {between: func(w *fixture, c creation, id string) error { return c.change(w, id) }},
		"too late": {between: func(w *fixture, _ creation, _ string) error {
			w.clock.advance(10*time.Minute + time.Microsecond)
			return nil
		}},
		"created in the future": {between: func(w *fixture, _ creation, _ string) error {
			w.clock.advance(-time.Microsecond)
			return nil
		}},
	} {
		for name, c := range creations {
			t.Run(reason+", "+name, func(t *testing.T) {
				t.Parallel()
				eachFixture(t, func(t *testing.T, w *fixture) {
					first := must(c.create(w, w.run("run 1", "key 1")))(t)
					if test.between != nil {
						if err := test.between(w, c, c.id(first)); err != nil {
							t.Fatal(err)
						}
					}
					ctx := w.run("run 2", "key 2")
					if test.again != nil {
						ctx = test.again(w)
					}
					_, err := c.create(w, ctx)
					var taken *model.NameTakenError
					if !errors.As(err, &taken) || taken.ID != c.id(first) {
						t.Errorf("want the id of the object that has the name, got %v", err)
					}
					if got := w.store.lastEvent(); got.Outcome != "name_taken" {
						t.Errorf("audited: %+v", got)
					}
				})
			})
		}
	}
}

// changed returns a context of the second run with another caller.
func (w *fixture) changed(change func(*engine.Caller)) context.Context {
	w.t.Helper()
	caller := engine.CallerFrom(w.run("run 2", "key 2"))
	change(&caller)
	return engine.WithCaller(w.ctx, caller)
}

func TestConfirmationIsPerRun(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		created := must(w.CreateUser(w.run("run 1", "key 1"), model.NewUser{Email: "ada@example.com"}))(t)
		if err := w.ConfirmDelivery(w.ctx, "run 2"); err != nil {
			t.Fatal(err)
		}
		again := must(w.CreateUser(w.run("run 3", "key 3"), model.NewUser{Email: "ada@example.com"}))(t)
		if again.ID != created.ID {
			t.Errorf("id %s, want %s", again.ID, created.ID)
		}
	})
}

func TestDeletedObjectIsCreatedAgain(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		first := must(w.CreateConnection(w.run("run 1", "key 1"), newMail("Mail")))(t)
		if err := w.DeleteConnection(w.ctx, first.ID, 0); err != nil {
			t.Fatal(err)
		}
		second := must(w.CreateConnection(w.run("run 2", "key 2"), newMail("Mail")))(t)
		if second.ID == first.ID || w.mail.calls() != 2 {
			t.Errorf("id %s, %d calls", second.ID, w.mail.calls())
		}
	})
}

func TestTakenNameIsErrorWhileRunLasts(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, d storetest.Database) {
		ended := false
		w := newFixtureOn(t, d, func(o *engine.Options) {
			o.RunEnded = func(id string) bool { return ended && id == "run 1" }
		})
		n := model.NewUser{Email: "ada@example.com"}
		first := must(w.CreateUser(w.run("run 1", "key 1"), n))(t)
		if _, err := w.CreateUser(w.run("run 2", "key 2"), n); !errors.Is(err, model.ErrNameTaken) {
			t.Errorf("while the first run waits for its response: %v", err)
		}
		ended = true
		if second := must(w.CreateUser(w.run("run 2", "key 2"), n))(t); second.ID != first.ID {
			t.Errorf("id %s, want %s", second.ID, first.ID)
		}
	})
}

// A shared control plane does not know whether the processes of its clients last.
func TestTakenNameIsErrorIfEndOfRunsIsUnknown(t *testing.T) {
	t.Parallel()
	w := newFixtureOn(t, storetest.SQLite(t), func(o *engine.Options) { o.RunEnded = nil })
	n := model.NewUser{Email: "ada@example.com"}
	must(w.CreateUser(w.run("run 1", "key 1"), n))(t)
	if _, err := w.CreateUser(w.run("run 2", "key 2"), n); !errors.Is(err, model.ErrNameTaken) {
		t.Errorf("another run: %v", err)
	}
}

// The process of a run that was killed can finish its request while the next run already verifies the credentials.
func TestLateCreateOfEarlierRunIsRepeated(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		var first model.ConnectionDetail
		w.mail.set(func(f *fake) {
			f.before = func(context.Context) error {
				n := newMail("Mail")
				n.Verify = false
				var err error
				if first.ID == "" {
					first, err = w.CreateConnection(w.run("run 1", "key 1"), n)
				}
				return err
			}
		})
		second := must(w.CreateConnection(w.run("run 2", "key 2"), newMail("Mail")))(t)
		if second.ID != first.ID {
			t.Errorf("id %s, want %s", second.ID, first.ID)
		}
	})
}
