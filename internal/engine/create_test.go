package engine_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestCreateVerifiesAndStores(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		n := newMail("  Mail of Ærø ")
		n.Settings["url"] += "/"
		created := w.create(n)

		if id, err := uuid.Parse(created.ID); err != nil || id.Version() != 7 {
			t.Errorf("the id %q is not a UUIDv7", created.ID)
		}
		if created.Name != n.Name || !reflect.DeepEqual(created.Settings, n.Settings) {
			t.Errorf("name and settings differ from the request: %q %v", created.Name, created.Settings)
		}
		if created.Kind != target.Email || created.Revision != 1 || created.Status() != model.StatusWorking {
			t.Errorf("kind %s, revision %d, status %s", created.Kind, created.Revision, created.Status())
		}
		now := w.clock.Now()
		if !created.CreatedAt.Equal(now) || !created.LastModifiedAt.Equal(now) || !created.CredentialsUpdatedAt.Equal(now) {
			t.Errorf("times: %v %v %v", created.CreatedAt, created.LastModifiedAt, created.CredentialsUpdatedAt)
		}
		if created.Identity == nil || created.Identity.Username != "svc@example.com" {
			t.Errorf("identity %v", created.Identity)
		}
		if created.LastTest == nil || !created.LastTest.Passed || created.LastTest.Test != target.General {
			t.Errorf("the test before saving is not in the history: %+v", created.LastTest)
		}
		want := []sent{{url: url + "/", username: "svc@example.com", secret: "right"}}
		if got := w.mail.sent(); !reflect.DeepEqual(got, want) {
			t.Errorf("on the wire: %v", got)
		}
		if read := w.read(created.ID); !reflect.DeepEqual(read, created) {
			t.Errorf("read back:\n got %+v\nwant %+v", read, created)
		}
		if w.mail.sessions() != 0 {
			t.Error("the session was not closed")
		}
	})
}

func TestCreateRejectedByTarget(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		meet func(*fake)
		want target.Code
	}{
		"rejected credentials": {func(f *fake) { f.password = "other" }, target.GivenCredentials},
		"an outage":            {func(f *fake) { f.fault = outage() }, target.SystemNotAvailable},
		"another user":         {func(f *fake) { f.identity = "admin@example.com" }, target.WrongIdentity},
		"throttling":           {func(f *fake) { f.fault = &target.Fault{Code: target.Throttled} }, target.Throttled},
		"settings that cannot work": {
			func(f *fake) { f.fault = &target.Fault{Code: target.Misconfigured} }, target.Misconfigured,
		},
		"a failing quick test": {
			func(f *fake) { f.tests[""] = &target.Fault{Code: target.InsufficientPermission} },
			target.InsufficientPermission,
		},
		"an error that is not a fault": {
			func(f *fake) { f.before = func(context.Context) error { return errors.New("EOF") } }, target.SystemNotAvailable,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachFixture(t, func(t *testing.T, w *fixture) {
				w.mail.set(c.meet)
				_, err := w.CreateConnection(w.ctx, newMail("Mail"))
				fault := wantFault(t, err, c.want)
				if !strings.HasPrefix(fault.Error(), c.want.Title()) {
					t.Errorf("the error does not start with the title: %s", fault.Error())
				}
				all := must(w.Connections(w.ctx, model.ConnectionFilter{}, model.Page{}))(t)
				if len(all) != 0 {
					t.Errorf("%d connections were stored", len(all))
				}
				if got := w.store.lastEvent(); got.Action != "connection.create" || got.Outcome != string(c.want) {
					t.Errorf("audited: %+v", got)
				}
			})
		})
	}
}

func TestSaveFaultHasNoSecret(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		n := newMail("Mail")
		n.Credentials = password("canary-secret")
		_, err := w.CreateConnection(w.ctx, n)
		fault := wantFault(t, err, target.GivenCredentials)
		if strings.Contains(fault.Error(), "canary") || !strings.Contains(fault.Error(), "svc@example.com") {
			t.Errorf("message %q", fault.Error())
		}
		if fault.Fault.Field != "password" || len(fault.Fault.Help) == 0 {
			t.Errorf("no field to correct, or no help: %+v", fault.Fault)
		}
		if event := w.store.lastEvent(); strings.Contains(event.Detail, "canary") {
			t.Errorf("audited: %+v", event)
		}
	})
}

func TestCreateWithoutVerifyMakesNoCall(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.createUnverified("whatever")
		if c.Status() != model.StatusUnverified || c.Identity != nil || c.LastTest != nil {
			t.Errorf("status %s, identity %v, last test %v", c.Status(), c.Identity, c.LastTest)
		}
		if w.mail.calls() != 0 {
			t.Error("the target system was called")
		}
	})
}

func TestConnectionNameIgnoresCase(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		first := w.create(newMail("Größe"))
		if _, err := w.CreateConnection(w.ctx, newCRM("GROSSE")); err != nil {
			t.Fatalf("o and ö are different letters: %v", err)
		}
		calls := w.mail.calls()
		for _, name := range []string{"gRÖßE", "GRÖSSE", "gro\u0308sse"} {
			_, err := w.CreateConnection(w.ctx, newMail(name))
			var taken *model.NameTakenError
			if !errors.As(err, &taken) || !errors.Is(err, model.ErrNameTaken) || taken.ID != first.ID {
				t.Fatalf("%s: want the id of the connection that has the name, got %v", name, err)
			}
		}
		if w.mail.calls() != calls {
			t.Error("a taken name caused a sign-in")
		}
	})
}

func TestNoSignInInsideTransaction(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		// If a write transaction were open during a sign-in, these would wait for it forever.
		w.mail.set(func(f *fake) {
			f.before = func(ctx context.Context) error { return w.store.Update(ctx, func(model.Tx) error { return nil }) }
			f.during = func(ctx context.Context, _ string) error {
				return w.store.Update(ctx, func(model.Tx) error { return nil })
			}
		})
		p := w.policy("Sync")
		w.user("a@example.com", true)
		w.test(p.EmailConnectionID)
		if err := w.submit(p.EmailConnectionID, "right"); err != nil {
			t.Error(err)
		}
		if c := w.cycle(p.ID); c.State != model.CycleFinished || c.UsersFaulty != 0 {
			t.Errorf("cycle: %+v", c)
		}
	})
}
