package engine_test

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

func TestTokenIsReused(t *testing.T) {
	t.Parallel()
	changed := settings()
	changed["region"] = "eu"
	for name, c := range map[string]struct {
		between func(*testing.T, *cloudFixture)
		want    int
	}{
		"two tests": {func(*testing.T, *cloudFixture) {}, 1},
		"a rename": {func(t *testing.T, w *cloudFixture) {
			t.Helper()
			must(w.UpdateConnection(w.ctx, w.id, model.ConnectionChange{Name: new("Renamed")}))(t)
		}, 1},
		"changed settings": {func(t *testing.T, w *cloudFixture) {
			t.Helper()
			must(w.UpdateConnection(w.ctx, w.id, model.ConnectionChange{Settings: changed}))(t)
		}, 2},
		"verified settings": {func(t *testing.T, w *cloudFixture) {
			t.Helper()
			must(w.UpdateConnection(w.ctx, w.id, model.ConnectionChange{Settings: changed, Verify: true}))(t)
		}, 2},
		"other credentials": {func(t *testing.T, w *cloudFixture) {
			t.Helper()
			must(w.UpdateConnection(w.ctx, w.id, model.ConnectionChange{Credentials: token("second")}))(t)
		}, 2},
		"other verified credentials": {func(t *testing.T, w *cloudFixture) {
			t.Helper()
			must(w.UpdateConnection(w.ctx, w.id, model.ConnectionChange{Credentials: token("second"), Verify: true}))(t)
		}, 2},
		"a rejected candidate": {func(t *testing.T, w *cloudFixture) {
			t.Helper()
			_, err := w.UpdateConnection(w.ctx, w.id, model.ConnectionChange{Credentials: token("wrong"), Verify: true})
			wantFault(t, err, "given_credentials")
		}, 2}, // the candidate's own
		"a re-validation": {func(t *testing.T, w *cloudFixture) {
			t.Helper()
			must(w.Revalidate(w.ctx, w.id, model.RevalidationRequest{}))(t)
		}, 2},
		"another connection with the same credentials": {func(t *testing.T, w *cloudFixture) {
			t.Helper()
			w.create(newCloudConnection("Twin"))
		}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
				w.cloud.set(func(f *cloud) { f.validTokens = []string{"first", "second"} })
				w.test(w.id)
				c.between(t, w)
				if result := w.test(w.id); !result.Passed {
					t.Fatalf("fault %+v", result.Fault)
				}
				if got := w.cloud.presentedTokens(); len(got) != c.want {
					t.Errorf("fetched with %q", got)
				}
			})
		})
	}
}

func TestVerificationTokenIsReused(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		made := w.create(newCloudConnection("New"))
		w.test(made.ID)
		if got := w.cloud.presentedTokens(); len(got) != 1 {
			t.Errorf("fetched with %q", got)
		}
	})
}

func TestTokensAreDroppedOnDelete(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		w.test(w.id)
		if err := w.DeleteConnection(w.ctx, w.id, 0); err != nil {
			t.Fatal(err)
		}
		w.create(newCloudConnection("Cloud"))
		if got := w.cloud.presentedTokens(); len(got) != 2 {
			t.Errorf("fetched with %q", got)
		}
	})
}
