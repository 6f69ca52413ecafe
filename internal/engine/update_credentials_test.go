package engine_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestRotationVerifiesThenReplaces(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		w.mail.set(func(f *fake) { f.password = "new" })
		w.clock.advance(time.Hour)
		if err := w.submit(c.ID, "new"); err != nil {
			t.Fatal(err)
		}
		got := w.read(c.ID)
		if got.Revision != 2 || !got.LastModifiedAt.Equal(w.clock.Now()) || !got.CredentialsUpdatedAt.Equal(w.clock.Now()) {
			t.Errorf("revision %d, modified %v, credentials %v", got.Revision, got.LastModifiedAt, got.CredentialsUpdatedAt)
		}
		if !got.CreatedAt.Equal(c.CreatedAt) {
			t.Error("the time of creation changed")
		}
		if result := w.test(c.ID); !result.Passed {
			t.Errorf("the new password is not used: %+v", result.Fault)
		}
	})
}

func TestSameSecretRotationIsVerified(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		w.clock.advance(time.Hour)
		calls := w.mail.calls()
		if err := w.submit(c.ID, "right"); err != nil {
			t.Fatal(err)
		}
		if got := w.read(c.ID); !got.CredentialsUpdatedAt.Equal(w.clock.Now()) || got.Revision != 2 {
			t.Errorf("credentials updated at %v, revision %d", got.CredentialsUpdatedAt, got.Revision)
		}
		if w.mail.calls() != calls+1 {
			t.Error("the same secret was not tested")
		}
	})
}

func TestFailedRotationKeepsCredentials(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(*fake){
		"rejected":      func(*fake) {},
		"unreachable":   func(f *fake) { f.fault = outage() },
		"another user":  func(f *fake) { f.password, f.identity = "candidate", "admin@example.com" },
		"throttled":     func(f *fake) { f.fault = &target.Fault{Code: target.Throttled} },
		"misconfigured": func(f *fake) { f.fault = &target.Fault{Code: target.Misconfigured} },
		"not permitted": func(f *fake) { f.password, f.tests[""] = "candidate", &target.Fault{Code: "insufficient_permission"} },
		"timeout":       func(f *fake) { f.before = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() } },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newFixture(t)
				before := w.create(newMail("Mail"))
				w.mail.set(fail)
				_, err := w.UpdateConnection(w.ctx, before.ID, model.ConnectionChange{
					Name: new("Renamed"), Credentials: password("candidate"), Verify: true,
				})
				if _, ok := errors.AsType[*model.FaultError](err); !ok {
					t.Fatalf("want a FaultError, got %v", err)
				}
				if got := w.read(before.ID); !reflect.DeepEqual(got, before) {
					t.Errorf("the connection changed:\n got %+v\nwant %+v", got, before)
				}
				w.mail.set(func(f *fake) { f.password, f.fault, f.identity, f.before = "right", nil, "", nil; clear(f.tests) })
				if result := w.test(before.ID); !result.Passed {
					t.Errorf("the old credentials no longer work: %+v", result.Fault)
				}
				if got := w.compare(before.ID, password("right")); got != model.ComparisonEqual {
					t.Errorf("the old credentials compare %s", got)
				}
			})
		})
	}
}

func TestSubmitReplacesAllCredentials(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		n := newMail("Mail")
		n.Settings["region"] = "eu"
		c := w.create(n)
		w.mail.set(func(f *fake) { f.password = "{}" })
		_, err := w.UpdateConnection(w.ctx, c.ID, model.ConnectionChange{
			Credentials: target.Credentials{"key": "{}"}, Verify: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		w.test(c.ID)
		sent := w.mail.sent()
		if last := sent[len(sent)-1]; last.secret != "{}" {
			t.Error("the password of the old grant is still stored")
		}
	})
}

func TestStoredPasswordStaysBound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(target.Settings)
		fields []string
	}{
		"another address": {
			func(s target.Settings) { s["url"] = "https://attacker.example.com/api" }, []string{"url"},
		},
		"another username": {func(s target.Settings) { s["username"] = "admin@example.com" }, []string{"username"}},
		"both": {
			func(s target.Settings) { s["url"], s["username"] = "https://attacker.example.com/", "x" },
			[]string{"url", "username"},
		},
	} {
		for _, verify := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				eachFixture(t, func(t *testing.T, w *fixture) {
					before := w.create(newMail("Mail"))
					changed := settings()
					c.change(changed)
					_, err := w.UpdateConnection(w.ctx, before.ID, model.ConnectionChange{Settings: changed, Verify: verify})
					var needed *model.CredentialsRequiredError
					if !errors.As(err, &needed) || !reflect.DeepEqual(needed.Fields, c.fields) {
						t.Fatalf("want a CredentialsRequiredError for %v, got %v", c.fields, err)
					}
					if got := w.store.lastEvent(); got.Outcome != "credentials_needed" || got.ObjectID != before.ID {
						t.Errorf("audited: %+v", got)
					}
					if !reflect.DeepEqual(w.read(before.ID), before) || w.mail.calls() != 1 {
						t.Error("something was stored or called")
					}
					after := must(w.UpdateConnection(w.ctx, before.ID, model.ConnectionChange{
						Settings: changed, Credentials: password("right"), Verify: verify,
					}))(t)
					if !reflect.DeepEqual(after.Settings, changed) {
						t.Errorf("settings %v", after.Settings)
					}
					if result := w.test(before.ID); !result.Passed {
						t.Errorf("the credentials are not bound to the new address: %+v", result.Fault)
					}
				})
			})
		}
	}
}

func TestEqualAddressNeedsNoCredentials(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		same := target.Settings{"url": strings.Replace(url, "mail.", "MAIL.", 1) + "/", "username": "SVC@example.com"}
		got := must(w.UpdateConnection(w.ctx, c.ID, model.ConnectionChange{Settings: same, Verify: true}))(t)
		if !reflect.DeepEqual(got.Settings, same) {
			t.Errorf("settings differ from the request: %v", got.Settings)
		}
		if result := w.test(c.ID); !result.Passed {
			t.Errorf("the stored credentials can no longer be used: %+v", result.Fault)
		}
	})
}
