package engine_test

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
)

// with returns the settings of the fixture with more of them.
func with(more target.Settings) target.Settings {
	all := settings()
	maps.Copy(all, more)
	return all
}

func trusting(authorities string) target.Settings {
	return target.Settings{"ca_certificate": authorities}
}

func authority(t *testing.T) string {
	t.Helper()
	certificate, _ := pemtest.Pair(t, "authority", time.Now().Add(time.Hour))
	return certificate
}

func TestWeakerSettingsNeedCredentials(t *testing.T) {
	t.Parallel()
	one, two := authority(t), authority(t)
	for name, c := range map[string]struct {
		before, after target.Settings
		fields        []string
	}{
		"an authority":         {nil, trusting(one), []string{"ca_certificate"}},
		"another authority":    {trusting(one), trusting(two), []string{"ca_certificate"}},
		"one more authority":   {trusting(one), trusting(one + two), []string{"ca_certificate"}},
		"a weaker scheme":      {target.Settings{"scheme": "ntlm"}, target.Settings{"scheme": "basic"}, []string{"scheme"}},
		"a scheme, unset":      {target.Settings{"scheme": "ntlm"}, nil, []string{"scheme"}},
		"the weakest, set":     {nil, target.Settings{"scheme": "basic"}, []string{"scheme"}},
		"authority and scheme": {target.Settings{"scheme": "ntlm"}, trusting(one), []string{"scheme", "ca_certificate"}},
	} {
		for _, verify := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				eachFixture(t, func(t *testing.T, w *fixture) {
					n := newMail("Mail")
					n.Settings = with(c.before)
					before := w.create(n)
					change := model.ConnectionChange{Settings: with(c.after), Verify: verify}
					_, err := w.UpdateConnection(w.ctx, before.ID, change)
					if needed := new(model.CredentialsRequiredError); !errors.As(err, &needed) || !slices.Equal(needed.Fields, c.fields) {
						t.Fatalf("want a CredentialsRequiredError for %v, got %v", c.fields, err)
					}
					if !reflect.DeepEqual(w.read(before.ID), before) || w.mail.calls() != 1 {
						t.Error("something was stored or called")
					}
					change.Credentials = password("right")
					must(w.UpdateConnection(w.ctx, before.ID, change))(t)
					if result := w.test(before.ID); !result.Passed {
						t.Errorf("the submitted credentials are not bound to the new settings: %+v", result.Fault)
					}
				})
			})
		}
	}
}

func TestStrongerSettingsKeepCredentials(t *testing.T) {
	t.Parallel()
	one, two := authority(t), authority(t)
	for name, c := range map[string]struct{ before, after target.Settings }{
		"one authority less": {trusting(one + two), trusting(two)},
		"no authority":       {trusting(one), nil},
		"another order":      {trusting(one + two), trusting(two + "\n\n" + one)},
		"a stronger scheme":  {nil, target.Settings{"scheme": "ntlm"}},
		"the weakest, unset": {target.Settings{"scheme": "basic"}, nil},
	} {
		for _, verify := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				eachFixture(t, func(t *testing.T, w *fixture) {
					n := newMail("Mail")
					n.Settings = with(c.before)
					before := w.create(n)
					change := model.ConnectionChange{Settings: with(c.after), Verify: verify}
					after := must(w.UpdateConnection(w.ctx, before.ID, change))(t)
					dated := !after.CredentialsUpdatedAt.Equal(*before.CredentialsUpdatedAt)
					if dated || after.CredentialsSetID != before.CredentialsSetID {
						t.Error("the change counts as a submission")
					}
					if result := w.test(before.ID); !result.Passed {
						t.Errorf("the stored credentials can no longer be used: %+v", result.Fault)
					}
					if w.compare(before.ID, password("right")) != model.ComparisonEqual {
						t.Error("the stored credentials do not compare equal")
					}
				})
			})
		}
	}
}

// Sealed credentials that cannot be opened do not prevent a change without verification, and are not made valid by it.
func TestStrongerSettingsLeaveSealedCredentials(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		w.store.set(&w.store.sealed, true)
		must(w.UpdateConnection(w.ctx, c.ID, model.ConnectionChange{Settings: with(target.Settings{"scheme": "ntlm"})}))(t)
		w.store.set(&w.store.sealed, false)
		if _, err := w.TestConnection(w.ctx, c.ID, model.TestRequest{}); !errors.Is(err, model.ErrSealed) {
			t.Errorf("got %v", err)
		}
	})
}

func TestEachSubmissionHasItsOwnSet(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		w.cloud.set(func(f *cloud) { f.validTokens = []string{"first", "second"} })
		seen := map[string]bool{}
		step := func(what string, same bool, do func() error) {
			t.Helper()
			before := w.read(w.id).CredentialsSetID
			if err := do(); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			after := w.read(w.id).CredentialsSetID
			if (before == after) != same || after == "" || !same && seen[after] {
				t.Errorf("%s: set id %q after %q", what, after, before)
			}
			seen[before], seen[after] = true, true
		}
		update := func(change model.ConnectionChange) func() error {
			return func() error { _, err := w.UpdateConnection(w.ctx, w.id, change); return err }
		}
		step("a rename", true, update(model.ConnectionChange{Name: new("Renamed")}))
		step("the same credentials", false, update(model.ConnectionChange{Credentials: token("first"), Verify: true}))
		step("others", false, update(model.ConnectionChange{Credentials: token("second")}))
		w.cloud.set(func(f *cloud) { f.rotate = true })
		step("a replacement by the system", true, func() error {
			_, err := w.Revalidate(w.ctx, w.id, model.RevalidationRequest{})
			return err
		})
		step("the same credentials after that", false, update(model.ConnectionChange{Credentials: token("second"), Verify: true}))
		w.requireSignIn()
	})
}

func TestBlankCredentialsHaveNoSet(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.createUnverified("wrong")
		w.test(c.ID)
		if got := w.read(c.ID); c.CredentialsSetID == "" || got.CredentialsSetID != "" {
			t.Errorf("set id %q after %q", got.CredentialsSetID, c.CredentialsSetID)
		}
	})
}

// What a target system counts does not depend on the authority or the scheme.
func TestOtherAuthorityDoesNotResetTheLimit(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		for range 2 {
			n := newMail("Mail")
			n.Credentials = password("wrong")
			_, err := w.CreateConnection(w.ctx, n)
			wantFault(t, err, target.GivenCredentials)
		}
		for _, more := range []target.Settings{trusting(authority(t)), {"scheme": "ntlm"}} {
			n := newMail("Mail")
			n.Settings, n.Credentials = with(more), password("wrong")
			_, err := w.CreateConnection(w.ctx, n)
			if fault := wantFault(t, err, target.GivenCredentials); !fault.Remembered {
				t.Errorf("with %v, the target system was contacted a third time", slices.Collect(maps.Keys(more)))
			}
		}
	})
}

// A cached token is not sent where another authority could read it, in no process.
func TestCachedTokenIsNotSentUnderNewAuthority(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		other := w.secondEngine()
		for _, e := range []*engine.Engine{w.Engine, other} {
			must(e.TestConnection(w.ctx, w.id, model.TestRequest{}))(t)
		}
		must(w.UpdateConnection(w.ctx, w.id, model.ConnectionChange{
			Settings: with(trusting(authority(t))), Credentials: token("first"),
		}))(t)
		for i, e := range []*engine.Engine{w.Engine, other} {
			if result := must(e.TestConnection(w.ctx, w.id, model.TestRequest{}))(t); !result.Passed {
				t.Fatalf("fault %+v", result.Fault)
			}
			if got := len(w.cloud.presentedTokens()); got != i+3 {
				t.Errorf("%d tokens were fetched, want %d", got, i+3)
			}
		}
	})
}

// Who knows a secret that the target system has replaced cannot have the replacement sent to another authority.
func TestOldSecretDoesNotSendReplacement(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*cloudFixture){
		"stored": func(w *cloudFixture) { w.test(w.id) },
		"not stored yet": func(w *cloudFixture) {
			w.cloud.set(func(f *cloud) { f.identity = "admin@example.com" })
			_, err := w.CreateConnection(w.ctx, newCloudConnection("Other"))
			wantFault(w.t, err, target.WrongIdentity)
			w.cloud.set(func(f *cloud) { f.identity = "" })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
				w.cloud.set(func(f *cloud) { f.rotate = true })
				prepare(w)
				n := newCloudConnection("New")
				n.Settings = with(trusting(authority(t)))
				change := model.ConnectionChange{Settings: n.Settings, Credentials: n.Credentials, Verify: true}
				_, err := w.UpdateConnection(w.ctx, w.id, change)
				wantFault(t, err, target.GivenCredentials)
				_, err = w.CreateConnection(w.ctx, n)
				wantFault(t, err, target.GivenCredentials)
				if got := w.cloud.presentedTokens(); !slices.Equal(got, []string{"first", "first", "first"}) {
					t.Errorf("the target system received %q", got)
				}
			})
		})
	}
}

func TestRotatedSecretIsNotSentUnderNewAuthority(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		trusts := with(trusting(authority(t)))
		w.cloud.set(func(f *cloud) {
			f.rotate = true
			f.before = func(ctx context.Context) {
				_, err := w.UpdateConnection(ctx, w.id, model.ConnectionChange{Settings: trusts, Credentials: token("first")})
				if err != nil {
					t.Error(err)
				}
			}
		})
		w.test(w.id)
		if got := w.stored(); got != "first" {
			t.Errorf("%q was sent under another authority", got)
		}
	})
}

// A change that needs no credentials, and whose test fails after the system has replaced the refresh token.
func TestRejectedStrongerSettingsKeepRotatedSecret(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		trusts := with(trusting(authority(t)))
		must(w.UpdateConnection(w.ctx, w.id, model.ConnectionChange{Settings: trusts, Credentials: token("first")}))(t)
		w.cloud.set(func(f *cloud) { f.rotate, f.identity = true, "admin@example.com" })
		_, err := w.UpdateConnection(w.ctx, w.id, model.ConnectionChange{Settings: settings(), Verify: true})
		wantFault(t, err, target.WrongIdentity)
		w.requireSignIn()
		w.cloud.set(func(f *cloud) { f.rotate = true })
		must(w.UpdateConnection(w.ctx, w.id, model.ConnectionChange{Settings: settings(), Verify: true}))(t)
		w.requireSignIn()
	})
}
