package engine_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestRotatedSecretReplacesOnlyItself(t *testing.T) {
	t.Parallel()
	for name, use := range map[string]func(*testing.T, *cloudFixture){
		"a test": func(_ *testing.T, w *cloudFixture) { w.test(w.id) },
		"a tailored test": func(t *testing.T, w *cloudFixture) {
			t.Helper()
			must(w.TestConnection(w.ctx, w.id, model.TestRequest{
				Account: model.UserAccount, UserEmail: "a@example.com", Test: target.Calendar,
			}))(t)
		},
		"a sign-in that fails later": func(_ *testing.T, w *cloudFixture) {
			w.cloud.set(func(f *cloud) { f.fault = outage() })
			w.test(w.id)
		},
		"a sign-in as another user": func(_ *testing.T, w *cloudFixture) {
			w.cloud.set(func(f *cloud) { f.identity = "admin@example.com" })
			w.test(w.id)
		},
		"a test that fails": func(_ *testing.T, w *cloudFixture) {
			w.cloud.set(func(f *cloud) { f.during = func(context.Context) error { return outage() } })
			w.test(w.id)
		},
		"a canceled test": func(t *testing.T, w *cloudFixture) {
			t.Helper()
			ctx, cancel := context.WithCancel(w.ctx)
			w.cloud.set(func(f *cloud) { f.during = func(ctx context.Context) error { cancel(); return ctx.Err() } })
			if _, err := w.TestConnection(ctx, w.id, model.TestRequest{}); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		},
		"a full sync cycle": func(t *testing.T, w *cloudFixture) {
			t.Helper()
			p := must(w.CreatePolicy(w.ctx, model.NewPolicy{
				Name: "Sync", CRMConnectionID: w.id, EmailConnectionID: w.create(newMail("Mail")).ID, Enabled: true, Interval: time.Hour,
			}))(t)
			w.user("a@example.com", true)
			w.cycle(p.ID)
		},
		"a re-validation that fails": func(t *testing.T, w *cloudFixture) {
			t.Helper()
			w.cloud.set(func(f *cloud) { f.fault = outage() })
			_, err := w.Revalidate(w.ctx, w.id, model.RevalidationRequest{})
			wantFault(t, err, target.SystemNotAvailable)
		},
		"settings that cannot be used": func(t *testing.T, w *cloudFixture) {
			t.Helper()
			w.cloud.set(func(f *cloud) { f.fault = outage() })
			changed := settings()
			changed["region"] = "eu"
			_, err := w.UpdateConnection(w.ctx, w.id, model.ConnectionChange{Settings: changed, Verify: true})
			wantFault(t, err, target.SystemNotAvailable)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
				before := w.read(w.id)
				w.cloud.set(func(f *cloud) { f.rotate = true })
				w.clock.advance(time.Hour)
				use(t, w)
				after := w.read(w.id)
				if after.Revision != before.Revision || !after.LastModifiedAt.Equal(before.LastModifiedAt) ||
					!after.CredentialsUpdatedAt.Equal(*before.CredentialsUpdatedAt) {
					t.Errorf("a rotation counts as a modification: %+v", after.Connection)
				}
				if w.compare(w.id, token("first")) != model.ComparisonEqual {
					t.Error("the submitted credentials no longer compare equal")
				}
				w.requireSignIn()
			})
		})
	}
}

func TestRotatedSecretIsSavedBeforeTestResult(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		w.cloud.set(func(f *cloud) { f.rotate = true })
		before := len(w.store.written)
		w.test(w.id)
		if got := w.store.written[before:]; !slices.Equal(got, []string{"credentials ", "test "}) {
			t.Errorf("transactions %q", got)
		}
	})
}

func TestUpdateStoresRotatedSecret(t *testing.T) {
	t.Parallel()
	for name, submit := range map[string]func(*cloudFixture) error{
		"a new connection": func(w *cloudFixture) error {
			n := newCloudConnection("New")
			n.Credentials = token("second")
			made, err := w.CreateConnection(w.ctx, n)
			w.id = made.ID
			return err
		},
		"an update": func(w *cloudFixture) error {
			_, err := w.UpdateConnection(w.ctx, w.id, model.ConnectionChange{Credentials: token("second"), Verify: true})
			return err
		},
		"a re-validation": func(w *cloudFixture) error {
			_, err := w.Revalidate(w.ctx, w.id, model.RevalidationRequest{Credentials: token("second")})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
				w.cloud.set(func(f *cloud) { f.rotate, f.validTokens = true, []string{"second"} })
				if err := submit(w); err != nil {
					t.Fatal(err)
				}
				if w.compare(w.id, token("second")) != model.ComparisonEqual {
					t.Error("the submitted credentials do not compare equal")
				}
				w.requireSignIn()
			})
		})
	}
}

func TestRejectedUpdateKeepsStoredSecret(t *testing.T) {
	t.Parallel()
	for name, candidate := range map[string]model.ConnectionChange{
		"the stored credentials": {Credentials: token("first")},
		"the same refresh token with another client secret": {
			Credentials: target.Credentials{"refresh_token": "first", "client_secret": "new"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
				w.cloud.set(func(f *cloud) { f.rotate, f.identity = true, "admin@example.com" })
				candidate.Verify = true
				_, err := w.UpdateConnection(w.ctx, w.id, candidate)
				wantFault(t, err, target.WrongIdentity)
				if w.compare(w.id, token("first")) != model.ComparisonEqual {
					t.Error("the rejected candidate was submitted")
				}
				w.requireSignIn()
			})
		})
	}
}

// Two processes use one single-use refresh token in turn: each uses what the other one stored.
func TestProcessesUseRotatedSecretInTurn(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		other := w.secondEngine()
		w.cloud.set(func(f *cloud) { f.rotate, f.expire = true, true })
		for range 3 {
			for name, e := range map[string]*engine.Engine{"this process": w.Engine, "another one": other} {
				if result, err := e.TestConnection(w.ctx, w.id, model.TestRequest{}); err != nil || !result.Passed {
					t.Fatalf("%s: fault %+v, %v", name, result.Fault, err)
				}
			}
		}
		if tokens := w.cloud.presentedTokens(); len(slices.Compact(slices.Sorted(slices.Values(tokens)))) != len(tokens) {
			t.Errorf("a refresh token was used twice: %q", tokens)
		}
	})
}

func TestConcurrentProcessesUseRefreshTokenOnce(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		w.cloud.set(func(f *cloud) { f.rotate, f.expire = true, true })
		var waiting sync.WaitGroup
		for range 6 {
			e := w.secondEngine()
			waiting.Go(func() {
				if result, err := e.TestConnection(w.ctx, w.id, model.TestRequest{}); err != nil || !result.Passed {
					t.Errorf("fault %+v, %v", result.Fault, err)
				}
			})
		}
		waiting.Wait()
		w.requireSignIn()
	})
}

// A process that was killed between a rotation and the end of its sign-in has lost nothing: the secret is stored already.
func TestRotatedSecretIsStoredBeforeTheNextCall(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		w.cloud.set(func(f *cloud) {
			f.rotate = true
			f.rotated = func() {
				if got := w.storedToken(); got != "rotated-1" {
					t.Errorf("after the rotation, %q is stored", got)
				}
			}
		})
		w.test(w.id)
	})
}

func TestRotatedSecretStaysBoundToAddress(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		elsewhere := settings()
		elsewhere["url"] = "https://elsewhere.example.com/"
		w.cloud.set(func(f *cloud) {
			f.rotate = true
			f.before = func(ctx context.Context) {
				_, err := w.UpdateConnection(ctx, w.id, model.ConnectionChange{Settings: elsewhere, Credentials: token("first")})
				if err != nil {
					t.Error(err)
				}
			}
		})
		w.test(w.id)
		if got := w.stored(); got != "first" {
			t.Errorf("%q was sent to another address", got)
		}
	})
}

func TestConflictKeepsRotatedSecret(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		w.cloud.set(func(f *cloud) {
			f.rotate = true
			f.before = func(ctx context.Context) {
				if _, err := w.UpdateConnection(ctx, w.id, model.ConnectionChange{Name: new("Theirs")}); err != nil {
					t.Error(err)
				}
			}
		})
		if _, err := w.Revalidate(w.ctx, w.id, model.RevalidationRequest{}); !errors.Is(err, model.ErrRevision) {
			t.Fatalf("got %v", err)
		}
		w.requireSignIn()
	})
}

func TestConcurrentSignInsUseRefreshTokenOnce(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		w.cloud.set(func(f *cloud) { f.rotate, f.expire = true, true })
		var waiting sync.WaitGroup
		for i := range 8 {
			waiting.Go(func() {
				if i%4 == 3 {
					if _, err := w.Revalidate(w.ctx, w.id, model.RevalidationRequest{}); err != nil {
						t.Error(err)
					}
					return
				}
				if result, err := w.TestConnection(w.ctx, w.id, model.TestRequest{}); err != nil || !result.Passed {
					t.Errorf("fault %+v, %v", result.Fault, err)
				}
			})
		}
		waiting.Wait()
		w.requireSignIn()
	})
}
