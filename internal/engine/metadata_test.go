package engine_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// sync creates an enabled policy with the connection to the cloud.
func (w *cloudFixture) sync() model.Policy {
	w.t.Helper()
	return must(w.CreatePolicy(w.ctx, model.NewPolicy{
		Name: "Sync", CRMConnectionID: w.id, EmailConnectionID: w.create(newMail("Mail")).ID, Enabled: true, Interval: time.Hour,
	}))(w.t)
}

func TestMetadataRefreshTriggers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		act  func(*testing.T, *cloudFixture, model.Policy)
		want int
	}{
		"a re-validation": {func(t *testing.T, w *cloudFixture, _ model.Policy) {
			t.Helper()
			must(w.Revalidate(w.ctx, w.id, model.RevalidationRequest{}))(t)
		}, 1},
		"a changed policy": {func(t *testing.T, w *cloudFixture, p model.Policy) {
			t.Helper()
			must(w.UpdatePolicy(w.ctx, p.ID, model.PolicyChange{Interval: new(2 * time.Hour)}))(t)
		}, 1},
		"another policy": {func(t *testing.T, w *cloudFixture, _ model.Policy) {
			t.Helper()
			must(w.CreatePolicy(w.ctx, model.NewPolicy{Name: "Other", CRMConnectionID: w.id, Interval: time.Hour}))(t)
		}, 1},
		"a repeated request for a policy": {func(t *testing.T, w *cloudFixture, p model.Policy) {
			t.Helper()
			for range 2 {
				must(w.UpdatePolicy(w.as("pipeline", "update", "body"), p.ID, model.PolicyChange{Name: new("Renamed")}))(t)
				must(w.CreatePolicy(w.as("pipeline", "create", "body"), model.NewPolicy{
					Name: "Other", CRMConnectionID: w.id, Interval: time.Hour,
				}))(t)
			}
		}, 2},
		"an unchanged policy": {func(t *testing.T, w *cloudFixture, p model.Policy) {
			t.Helper()
			must(w.UpdatePolicy(w.ctx, p.ID, model.PolicyChange{Name: &p.Name}))(t)
		}, 0},
		"an invalid change of a policy": {func(t *testing.T, w *cloudFixture, p model.Policy) {
			t.Helper()
			if _, err := w.UpdatePolicy(w.ctx, p.ID, model.PolicyChange{Interval: new(time.Minute)}); err == nil {
				t.Error("the policy was changed")
			}
		}, 0},
		"a deleted policy": {func(t *testing.T, w *cloudFixture, p model.Policy) {
			t.Helper()
			if err := w.DeletePolicy(w.ctx, p.ID, 0); err != nil {
				t.Error(err)
			}
		}, 0},
		"tests": {func(t *testing.T, w *cloudFixture, _ model.Policy) {
			t.Helper()
			w.test(w.id)
			must(w.TestConnection(w.ctx, w.id, model.TestRequest{Test: target.Metadata}))(t)
			w.cloud.set(func(f *cloud) { f.read-- }) // the test reads the definitions without storing them
		}, 0},
		"a cycle": {func(t *testing.T, w *cloudFixture, p model.Policy) {
			t.Helper()
			w.user("a@example.com", true)
			w.cycle(p.ID)
		}, 0},
		"verified credentials": {func(t *testing.T, w *cloudFixture, _ model.Policy) {
			t.Helper()
			must(w.UpdateConnection(w.ctx, w.id, model.ConnectionChange{Credentials: token("first"), Verify: true}))(t)
		}, 1},
		"verified settings": {func(t *testing.T, w *cloudFixture, _ model.Policy) {
			t.Helper()
			changed := settings()
			changed["region"] = "eu"
			must(w.UpdateConnection(w.ctx, w.id, model.ConnectionChange{Settings: changed, Verify: true}))(t)
		}, 1},
		"unverified credentials": {func(t *testing.T, w *cloudFixture, _ model.Policy) {
			t.Helper()
			must(w.UpdateConnection(w.ctx, w.id, model.ConnectionChange{Credentials: token("first")}))(t)
		}, 0},
		"another name": {func(t *testing.T, w *cloudFixture, _ model.Policy) {
			t.Helper()
			must(w.UpdateConnection(w.ctx, w.id, model.ConnectionChange{Name: new("Renamed"), Verify: true}))(t)
		}, 0},
		"rejected credentials": {func(t *testing.T, w *cloudFixture, _ model.Policy) {
			t.Helper()
			_, err := w.UpdateConnection(w.ctx, w.id, model.ConnectionChange{Credentials: token("wrong"), Verify: true})
			wantFault(t, err, target.GivenCredentials)
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
				p := w.sync()
				before, reads := w.read(w.id), w.cloud.reads()
				w.clock.advance(time.Hour)
				c.act(t, w, p)
				after := w.read(w.id)
				if got := w.cloud.reads() - reads; got != c.want {
					t.Errorf("read %d times, want %d", got, c.want)
				}
				if refreshed := after.MetadataRefreshedAt.After(*before.MetadataRefreshedAt); refreshed != (c.want > 0) {
					t.Errorf("refreshed at %v", after.MetadataRefreshedAt)
				}
			})
		})
	}
}

func TestPolicyRefreshesMetadataOnly(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		before := w.read(w.id)
		w.clock.advance(time.Hour)
		w.sync()
		after := w.read(w.id)
		if before.MetadataRefreshedAt != nil || !after.MetadataRefreshedAt.Equal(w.clock.Now()) {
			t.Errorf("refreshed at %v", after.MetadataRefreshedAt)
		}
		if after.Revision != 1 || !after.LastModifiedAt.Equal(before.LastModifiedAt) || after.Status() != model.StatusWorking {
			t.Errorf("connection %+v", after.Connection)
		}
	})
}

func TestPolicyCreatedDespiteCRMFault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		meet func(*cloud)
		want model.Status
		code target.Code
	}{
		"unreachable":  {func(f *cloud) { f.down = outage() }, model.StatusFailing, target.SystemNotAvailable},
		"another user": {func(f *cloud) { f.identity = "admin@example.com" }, model.StatusFailing, target.WrongIdentity},
		"rejected":     {func(f *cloud) { f.fault = rejection("no") }, model.StatusFailing, target.GivenCredentials},
		"no metadata": {func(f *cloud) {
			f.unreadable = &target.Fault{Code: target.Throttled}
		}, model.StatusWorking, target.Throttled},
		"no response": {func(f *cloud) {
			f.before = func(ctx context.Context) { <-ctx.Done() }
		}, model.StatusFailing, target.SystemNotAvailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newCloudFixtureOn(t, storetest.SQLite(t))
				w.cloud.set(func(f *cloud) { f.expire = true })
				w.test(w.id)
				w.cloud.set(c.meet)
				p := w.sync()
				if got := must(w.Policy(w.ctx, p.ID))(t); got.CRMConnectionID != w.id {
					t.Errorf("policy %+v", got)
				}
				got := w.read(w.id)
				if got.Status() != c.want || got.MetadataRefreshedAt != nil {
					t.Errorf("status %s, refreshed at %v", got.Status(), got.MetadataRefreshedAt)
				}
				last := got.LastTest
				if last.Test != target.Metadata || last.Passed || last.Fault.Code != c.code {
					t.Errorf("last test %+v", last)
				}
			})
		})
	}
}

func TestPolicyRefreshHonorsRejectionLimit(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		w.test(w.id)
		p := w.sync()
		w.cloud.set(func(f *cloud) { f.fault = rejection("no") })
		calls := w.cloud.calls()
		for _, name := range []string{"a", "b", "c", "d"} {
			must(w.UpdatePolicy(w.ctx, p.ID, model.PolicyChange{Name: new(name)}))(t)
		}
		if got := w.cloud.calls() - calls; got != 2 {
			t.Errorf("%d sign-ins reached it", got)
		}
	})
}

func TestCreateReadsMetadata(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		made := w.create(newCloudConnection("New"))
		if made.MetadataRefreshedAt == nil || !made.MetadataRefreshedAt.Equal(w.clock.Now()) {
			t.Errorf("refreshed at %v", made.MetadataRefreshedAt)
		}
		if unverified := w.read(w.id); unverified.MetadataRefreshedAt != nil {
			t.Error("there is metadata without a sign-in")
		}
		// The connection works without metadata; the test shows that it could not be read.
		w.cloud.set(func(f *cloud) { f.unreadable = outage() })
		other := w.create(newCloudConnection("Other"))
		checks := other.LastTest.Checks
		if other.MetadataRefreshedAt != nil || other.Status() != model.StatusWorking || !other.LastTest.Passed {
			t.Errorf("connection %+v", other)
		}
		if last := checks[len(checks)-1]; last.Name != "metadata" || last.Passed || last.Message == "" {
			t.Errorf("checks %+v", checks)
		}
	})
}

// Only a re-validation requires the metadata, an update of the credentials does not.
func TestUpdateSucceedsWithoutMetadata(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		before := must(w.Revalidate(w.ctx, w.id, model.RevalidationRequest{}))(t).Connection
		w.clock.advance(time.Hour)
		w.cloud.set(func(f *cloud) { f.validTokens, f.unreadable = []string{"second"}, outage() })
		after := must(w.UpdateConnection(w.ctx, w.id, model.ConnectionChange{Credentials: token("second"), Verify: true}))(t)
		if after.Status() != model.StatusWorking || !after.MetadataRefreshedAt.Equal(*before.MetadataRefreshedAt) {
			t.Errorf("connection %+v", after)
		}
	})
}

func TestRevalidationReportsChangedMetadata(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		for i, digest := range []string{"d1", "d1", "d2", "d2"} {
			w.cloud.set(func(f *cloud) { f.digest = digest })
			done := must(w.Revalidate(w.ctx, w.id, model.RevalidationRequest{}))(t)
			if done.MetadataChanged != (i == 2) {
				t.Errorf("reading %d: changed %v", i, done.MetadataChanged)
			}
		}
	})
}
