package engine_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestRevalidationKeepsRevision(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		w.cloud.set(func(f *cloud) { f.down = outage() })
		w.test(w.id)
		w.cloud.set(func(f *cloud) { f.down = nil })
		before := w.read(w.id)
		w.clock.advance(time.Hour)
		done := must(w.Revalidate(w.ctx, w.id, model.RevalidationRequest{Revision: 1}))(t)
		after := w.read(w.id)
		if !reflect.DeepEqual(done.Connection, after) || done.ConnectionID != w.id || done.Fault != nil ||
			!done.FinishedAt.Equal(w.clock.Now()) || !done.MetadataRefreshedAt.Equal(w.clock.Now()) {
			t.Errorf("got %+v", done)
		}
		if after.Status() != model.StatusWorking || after.Identity.Username != "svc@example.com" || !after.LastTest.Passed ||
			!after.MetadataRefreshedAt.Equal(w.clock.Now()) {
			t.Errorf("connection %+v", after)
		}
		if after.Revision != 1 || !after.LastModifiedAt.Equal(before.LastModifiedAt) ||
			!after.CredentialsUpdatedAt.Equal(*before.CredentialsUpdatedAt) {
			t.Errorf("a re-validation counts as a modification: %+v", after)
		}
		if got := w.store.lastEvent(); got.Action != "connection.revalidate" || got.Outcome != "done" || got.ObjectID != w.id {
			t.Errorf("audited: %+v", got)
		}
	})
}

func TestRevalidationStoresSubmittedCredentials(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		w.cloud.set(func(f *cloud) { f.validTokens = []string{"second"} })
		w.clock.advance(time.Hour)
		done := must(w.Revalidate(w.ctx, w.id, model.RevalidationRequest{Credentials: token("second")}))(t)
		c := done.Connection
		if c.Revision != 2 || !c.LastModifiedAt.Equal(w.clock.Now()) || !c.CredentialsUpdatedAt.Equal(w.clock.Now()) ||
			!c.CredentialsVerified {
			t.Errorf("connection %+v", c)
		}
		if w.compare(w.id, token("second")) != model.ComparisonEqual {
			t.Error("they are not the credentials last submitted")
		}
		w.requireSignIn()
	})
}

func TestFailedRevalidationStoresNothing(t *testing.T) {
	t.Parallel()
	meets := map[string]struct {
		meet func(*cloud)
		code target.Code
	}{
		"another user": {func(f *cloud) { f.identity = "admin@example.com" }, target.WrongIdentity},
		"unreachable":  {func(f *cloud) { f.down = outage() }, target.SystemNotAvailable},
		"rejected":     {func(f *cloud) { f.validTokens = nil }, target.GivenCredentials},
		"no metadata": {func(f *cloud) {
			f.unreadable = &target.Fault{Code: target.InsufficientPermission}
		}, target.InsufficientPermission},
	}
	for name, c := range meets {
		for of, submitted := range map[string]target.Credentials{"stored credentials": nil, "other credentials": token("second")} {
			t.Run(name+" with "+of, func(t *testing.T) {
				t.Parallel()
				eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
					w.cloud.set(func(f *cloud) { f.validTokens = []string{"first", "second"} })
					w.test(w.id)
					before := w.read(w.id)
					w.cloud.set(c.meet)
					w.clock.advance(time.Hour)
					_, err := w.Revalidate(w.ctx, w.id, model.RevalidationRequest{Credentials: submitted})
					fault := wantFault(t, err, c.code)
					failed := must(w.Revalidation(w.ctx, w.id, fault.RevalidationID))(t)
					if failed.Fault == nil || failed.Fault.Code != c.code || failed.MetadataRefreshedAt != nil ||
						!failed.FinishedAt.Equal(w.clock.Now()) || failed.Connection.ID != w.id {
						t.Errorf("recorded %+v", failed)
					}
					after := w.read(w.id)
					// The result for stored credentials is recorded, as after a test. A candidate leaves no trace.
					recorded := submitted == nil && c.code != target.InsufficientPermission
					if recorded != (after.Status() == model.StatusFailing) || recorded != (after.Fault != nil) {
						t.Errorf("status %s, fault %+v", after.Status(), after.Fault)
					}
					if after.Revision != before.Revision || after.MetadataRefreshedAt != nil ||
						w.compare(w.id, token("first")) != model.ComparisonEqual {
						t.Errorf("something was stored: %+v", after)
					}
					if submitted != nil && !reflect.DeepEqual(after, before) {
						t.Errorf("the candidate left a trace: %+v", after)
					}
					if got := w.store.lastEvent(); got.Action != "connection.revalidate" || got.Outcome != string(c.code) {
						t.Errorf("audited: %+v", got)
					}
				})
			})
		}
	}
}

func TestInvalidRevalidations(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		mail := w.create(newMail("Mail"))
		blank := newCloudConnection("Blank")
		blank.Credentials, blank.Verify = token("wrong"), false
		blanked := w.create(blank)
		w.test(blanked.ID)
		calls := w.cloud.calls()
		for name, c := range map[string]struct {
			id   string
			ask  model.RevalidationRequest
			want func(error) bool
			says string
		}{
			"a system without OAuth":  {mail.ID, model.RevalidationRequest{}, isInvalid("revalidate"), "Update the credentials"},
			"nothing to sign in with": {blanked.ID, model.RevalidationRequest{}, isInvalid("credentials"), "Set refresh_token"},
			"no credentials": {
				w.id, model.RevalidationRequest{Credentials: target.Credentials{}}, isInvalid("credentials"), "Set refresh_token",
			},
			"an unknown secret": {
				w.id, model.RevalidationRequest{Credentials: target.Credentials{"pin": "1"}}, isInvalid("credentials.pin"), "not a secret",
			},
			"an old revision":    {w.id, model.RevalidationRequest{Revision: 7}, is(model.ErrRevision), ""},
			"no such connection": {"unknown", model.RevalidationRequest{}, is(model.ErrNotFound), ""},
		} {
			t.Run(name, func(t *testing.T) {
				if _, err := w.Revalidate(w.ctx, c.id, c.ask); !c.want(err) || !strings.Contains(err.Error(), c.says) {
					t.Errorf("got %v", err)
				}
			})
		}
		if w.cloud.calls() != calls {
			t.Error("the target system was called")
		}
		must(w.Revalidate(w.ctx, blanked.ID, model.RevalidationRequest{Credentials: token("first")}))(t)
		if got := w.read(blanked.ID); got.Status() != model.StatusWorking {
			t.Errorf("after a re-validation: %s", got.Status())
		}
	})
}

func TestRejectedRevalidationIsRemembered(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		w.test(w.id)
		w.cloud.set(func(f *cloud) { f.validTokens = nil })
		for i := range 3 {
			_, err := w.Revalidate(w.ctx, w.id, model.RevalidationRequest{})
			if fault := wantFault(t, err, target.GivenCredentials); fault.Remembered != (i == 2) {
				t.Errorf("re-validation %d: remembered %v", i, fault.Remembered)
			}
		}
		if got := w.cloud.presentedTokens(); len(got) != 3 { // by the first test and twice after it
			t.Errorf("sent %d times", len(got))
		}
	})
}

func TestUpdateWithRevalidationIsAtomic(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		w.test(w.id)
		change := model.ConnectionChange{Name: new("Renamed"), Revalidate: true, Revision: 1}
		w.cloud.set(func(f *cloud) { f.identity = "admin@example.com" })
		_, err := w.UpdateConnection(w.ctx, w.id, change)
		wantFault(t, err, target.WrongIdentity)
		if got := w.read(w.id); got.Name != "Cloud" || got.Revision != 1 || got.Fault == nil || got.Fault.Code != target.WrongIdentity {
			t.Errorf("after a failure: %+v", got.Connection)
		}
		w.cloud.set(func(f *cloud) { f.identity = "" })
		w.clock.advance(time.Hour)
		got := must(w.UpdateConnection(w.ctx, w.id, change))(t)
		if got.Name != "Renamed" || got.Revision != 2 || got.Fault != nil || !got.MetadataRefreshedAt.Equal(w.clock.Now()) {
			t.Errorf("after success: %+v", got.Connection)
		}
		if detail := w.store.lastEvent().Detail; detail != "changed name; re-validated" {
			t.Errorf("audited: %q", detail)
		}
		mail := w.create(newMail("Mail"))
		_, err = w.UpdateConnection(w.ctx, mail.ID, model.ConnectionChange{Name: new("Other"), Revalidate: true})
		if !isInvalid("revalidate")(err) || w.read(mail.ID).Name != "Mail" {
			t.Errorf("of a system without OAuth: %v", err)
		}
	})
}

func TestRevalidationOfBlankedCredentialsConflicts(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		w.cloud.set(func(f *cloud) {
			f.during = func(ctx context.Context) error {
				w.cloud.set(func(f *cloud) { f.during, f.fault = nil, rejection("expired") })
				_, err := w.TestConnection(ctx, w.id, model.TestRequest{})
				return err
			}
		})
		if _, err := w.Revalidate(w.ctx, w.id, model.RevalidationRequest{}); !errors.Is(err, model.ErrRevision) {
			t.Errorf("got %v", err)
		}
		if got := w.read(w.id); got.Status() != model.StatusBlank {
			t.Errorf("status %s", got.Status())
		}
	})
}

func TestRepeatedRevalidationRunsOnce(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		ctx := w.as("pipeline", "key", "body")
		first := must(w.Revalidate(ctx, w.id, model.RevalidationRequest{}))(t)
		calls := w.cloud.calls()
		if again := must(w.Revalidate(ctx, w.id, model.RevalidationRequest{}))(t); !reflect.DeepEqual(again, first) {
			t.Errorf("another result: %+v", again)
		}
		if w.cloud.calls() != calls {
			t.Error("the repeated request signed in")
		}
	})
}

func TestRevalidationLookup(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		other := w.create(newCloudConnection("Other"))
		first := must(w.Revalidate(w.ctx, w.id, model.RevalidationRequest{}))(t)
		if got := must(w.Revalidation(w.ctx, w.id, first.ID))(t); !reflect.DeepEqual(got, first) {
			t.Errorf("read back %+v", got)
		}
		if _, err := w.Revalidation(w.ctx, other.ID, first.ID); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("under another connection: %v", err)
		}
		for range 20 {
			must(w.Revalidate(w.ctx, w.id, model.RevalidationRequest{}))(t)
		}
		if _, err := w.Revalidation(w.ctx, w.id, first.ID); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("the oldest still exists: %v", err)
		}
	})
}
