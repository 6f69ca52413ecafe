package engine_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestRenameMakesNoCall(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		calls := w.mail.calls()
		w.clock.advance(time.Hour)
		got := must(w.UpdateConnection(w.ctx, c.ID, model.ConnectionChange{Name: new("MAIL"), Verify: true}))(t)
		if got.Name != "MAIL" || got.Revision != 2 || !got.LastModifiedAt.Equal(w.clock.Now()) {
			t.Errorf("name %q, revision %d, modified %v", got.Name, got.Revision, got.LastModifiedAt)
		}
		if !got.CredentialsUpdatedAt.Equal(*c.CredentialsUpdatedAt) {
			t.Error("a rename dated the credentials")
		}
		if w.mail.calls() != calls {
			t.Error("a rename signed in")
		}
	})
}

func TestEmptyUpdateChangesNothing(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		calls, events := w.mail.calls(), len(w.store.outcomes())
		w.clock.advance(time.Hour)
		got := must(w.UpdateConnection(w.ctx, c.ID, model.ConnectionChange{
			Name: new("Mail"), Settings: settings(), Verify: true, Revision: 1,
		}))(t)
		if !reflect.DeepEqual(got, c) || w.mail.calls() != calls || len(w.store.outcomes()) != events {
			t.Errorf("got %+v with %d calls", got, w.mail.calls()-calls)
		}
	})
}

func TestSettingsUpdateTestsStoredCredentials(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		calls := w.mail.calls()
		changed := settings()
		changed["region"] = "eu"
		got := must(w.UpdateConnection(w.ctx, c.ID, model.ConnectionChange{Settings: changed, Verify: true}))(t)
		if w.mail.calls() != calls+1 || got.Settings["region"] != "eu" || got.Revision != 2 {
			t.Errorf("%d calls, settings %v", w.mail.calls()-calls, got.Settings)
		}
		if !got.CredentialsUpdatedAt.Equal(*c.CredentialsUpdatedAt) {
			t.Error("changed settings dated the credentials")
		}
		unverified := must(w.UpdateConnection(w.ctx, c.ID, model.ConnectionChange{Settings: settings()}))(t)
		if w.mail.calls() != calls+1 || unverified.Status() != model.StatusWorking {
			t.Errorf("without verification: %d calls, status %s", w.mail.calls()-calls, unverified.Status())
		}
	})
}

func TestStaleRevisionConflicts(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		must(w.UpdateConnection(w.ctx, c.ID, model.ConnectionChange{Name: new("Theirs"), Revision: 1}))(t)
		_, err := w.UpdateConnection(w.ctx, c.ID, model.ConnectionChange{
			Credentials: password("right"), Verify: true, Revision: 1,
		})
		if !errors.Is(err, model.ErrRevision) || w.mail.calls() != 1 {
			t.Fatalf("want ErrRevision before any call, got %v after %d calls", err, w.mail.calls())
		}
		// During the test of this change, another client changes the connection.
		w.mail.set(func(f *fake) {
			f.before = func(ctx context.Context) error {
				_, err := w.UpdateConnection(ctx, c.ID, model.ConnectionChange{Name: new("Theirs again")})
				return err
			}
		})
		_, err = w.UpdateConnection(w.ctx, c.ID, model.ConnectionChange{
			Name: new("Ours"), Credentials: password("right"), Verify: true,
		})
		if !errors.Is(err, model.ErrRevision) {
			t.Fatalf("want ErrRevision after the test, got %v", err)
		}
		if got := w.read(c.ID); got.Name != "Theirs again" || got.Revision != 3 {
			t.Errorf("name %q, revision %d", got.Name, got.Revision)
		}
	})
}

func TestInvalidUpdates(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c, other := w.create(newMail("Mail")), w.create(newMail("Other"))
		for name, r := range map[string]struct {
			id     string
			change model.ConnectionChange
			want   func(error) bool
		}{
			"no such connection": {"unknown", model.ConnectionChange{Name: new("x")}, is(model.ErrNotFound)},
			"a taken name":       {c.ID, model.ConnectionChange{Name: &other.Name}, is(model.ErrNameTaken)},
			"no credentials":     {c.ID, model.ConnectionChange{Credentials: target.Credentials{}}, isInvalid("credentials")},
			"no settings": {
				c.ID, model.ConnectionChange{Settings: target.Settings{}}, isInvalid("settings.url"),
			},
			"a name with a tab": {c.ID, model.ConnectionChange{Name: new("a\tb")}, isInvalid("name")},
		} {
			t.Run(name, func(t *testing.T) {
				if _, err := w.UpdateConnection(w.ctx, r.id, r.change); !r.want(err) {
					t.Errorf("got %v", err)
				}
			})
		}
	})
}

func is(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }

func isInvalid(path string) func(error) bool {
	return func(err error) bool {
		var invalid *model.InvalidError
		return errors.As(err, &invalid) && invalid.Fields[0].Path == path
	}
}
