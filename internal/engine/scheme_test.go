package engine_test

import (
	"context"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// offer sets the authentication schemes that the email system offers, strongest first.
func (w *fixture) offer(schemes ...string) { w.mail.set(func(f *fake) { f.offered = schemes }) }

// wantScheme checks the stored scheme, and that the credentials can be opened with it.
func (w *fixture) wantScheme(what, id, want string) {
	w.t.Helper()
	c := w.read(id)
	if c.CredentialsScheme != want {
		w.t.Errorf("%s: the scheme %q is stored, want %q", what, c.CredentialsScheme, want)
	}
	err := w.store.View(w.ctx, func(tx model.Tx) error {
		_, err := tx.Credentials(w.ctx, model.BindingOf(&c.Connection, w.mail.System))
		return err
	})
	if err != nil {
		w.t.Errorf("%s: %v", what, err)
	}
}

// wantRefused checks that a test is refused because of a weaker scheme, and that nothing is sent.
func (w *fixture) wantRefused(id string) {
	w.t.Helper()
	calls := w.mail.calls()
	got := w.test(id)
	if got.Passed || got.Fault.Code != target.Misconfigured || got.Fault.Field != "scheme" || w.mail.calls() != calls {
		w.t.Errorf("a weaker offer: got %+v, with %d calls", got.Fault, w.mail.calls()-calls)
	}
	if c := w.read(id); c.Status() != model.StatusFailing || !c.CredentialsVerified {
		w.t.Errorf("the connection is %s", c.Status())
	}
}

func TestProvenSchemeIsStored(t *testing.T) {
	t.Parallel()
	for name, create := range map[string]func(*fixture) string{
		"create with a test": func(w *fixture) string { return w.create(newMail("Mail")).ID },
		"first test": func(w *fixture) string {
			id := w.createUnverified("right").ID
			w.wantScheme("before the first test", id, "")
			w.test(id)
			return id
		},
		"first cycle": func(w *fixture) string {
			p := w.policy("Nightly")
			w.cycle(p.ID)
			return p.EmailConnectionID
		},
		// Stored by a version that did not know schemes.
		"first test of an old row": func(w *fixture) string {
			w.offer()
			id := w.create(newMail("Mail")).ID
			w.wantScheme("an old row", id, "")
			w.offer("ntlm", "basic")
			w.test(id)
			return id
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachFixture(t, func(t *testing.T, w *fixture) {
				w.offer("ntlm", "basic")
				id := create(w)
				w.wantScheme("stored", id, "ntlm")
				before := w.read(id)
				w.test(id)
				must(w.UpdateConnection(w.ctx, id, model.ConnectionChange{Name: new("Renamed")}))(t)
				changed := with(target.Settings{"region": "eu"})
				must(w.UpdateConnection(w.ctx, id, model.ConnectionChange{Settings: changed, Verify: true}))(t)
				w.wantScheme("after changes without credentials", id, "ntlm")
				if after := w.read(id); after.CredentialsSetID != before.CredentialsSetID {
					t.Error("it counts as a submission")
				}
				w.offer("basic")
				w.wantRefused(id)
				result, err := w.process().TestConnection(w.ctx, id, model.TestRequest{Force: true})
				if err != nil || result.Passed || result.Fault.Code != target.Misconfigured {
					t.Errorf("another process: %+v, %v", result.Fault, err)
				}
				w.offer("ntlm")
				if got := w.test(id); !got.Passed {
					t.Errorf("the same offer again: %+v", got.Fault)
				}
			})
		})
	}
}

// Credentials that are given again may be used with a weaker scheme, also the same ones.
func TestSubmissionForgetsScheme(t *testing.T) {
	t.Parallel()
	for name, submitted := range map[string]string{"the same": "right", "others": "new"} {
		for _, verify := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				eachFixture(t, func(t *testing.T, w *fixture) {
					w.offer("ntlm", "basic")
					id := w.create(newMail("Mail")).ID
					w.offer("basic")
					w.wantRefused(id)
					w.mail.set(func(f *fake) { f.password = submitted })
					change := model.ConnectionChange{Credentials: password(submitted), Verify: verify}
					must(w.UpdateConnection(w.ctx, id, change))(t)
					if !verify {
						w.wantScheme("without a test", id, "")
					}
					if got := w.test(id); !got.Passed {
						t.Errorf("got %+v", got.Fault)
					}
					w.wantScheme("after the test", id, "basic")
				})
			})
		}
	}
}

// A stronger offer replaces the stored scheme.
func TestStrongerSchemeIsStored(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(_ *testing.T, w *fixture) {
		w.offer("basic")
		id := w.create(newMail("Mail")).ID
		w.wantScheme("at first", id, "basic")
		w.offer("ntlm", "basic")
		w.test(id)
		w.wantScheme("after a stronger offer", id, "ntlm")
		w.offer("basic")
		w.wantRefused(id)
	})
}

// A setting with the scheme follows the rules of settings, and the offer decides nothing.
func TestRequiredSchemeIsNotDecidedByTheOffer(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		w.offer("ntlm", "basic")
		id := w.create(newMail("Mail")).ID
		w.offer("basic")
		required := with(target.Settings{"scheme": "basic"})
		change := model.ConnectionChange{Settings: required, Credentials: password("right"), Verify: true}
		must(w.UpdateConnection(w.ctx, id, change))(t)
		w.wantScheme("with the setting", id, "")
		if got := w.test(id); !got.Passed {
			t.Errorf("got %+v", got.Fault)
		}
	})
}

// Rejected credentials and their scheme are forgotten together.
func TestBlankedCredentialsHaveNoScheme(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		w.offer("ntlm")
		id := w.createUnverified("wrong").ID
		w.test(id)
		if c := w.read(id); c.Status() != model.StatusBlank || c.CredentialsScheme != "" {
			t.Errorf("%s, with the scheme %q", c.Status(), c.CredentialsScheme)
		}
	})
}

// A sign-in that began before another process stored a stronger scheme does not replace that.
func TestSchemeOfEarlierSignInDoesNotReplaceLaterOne(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		id := w.createUnverified("right").ID
		w.offer("basic")
		w.mail.set(func(f *fake) {
			f.during = func(context.Context, string) error {
				w.mail.set(func(f *fake) { f.during, f.offered = nil, []string{"ntlm"} })
				_, err := w.process().TestConnection(w.ctx, id, model.TestRequest{})
				return err
			}
		})
		if got := w.test(id); !got.Passed {
			t.Fatalf("got %+v", got.Fault)
		}
		w.wantScheme("after both", id, "ntlm")
	})
}
