package engine_test

import (
	"context"
	"errors"
	address "net/url"
	"slices"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// eachQuestion runs a test with a working connection that any account may sign in to, and a link for it.
func eachQuestion(t *testing.T, run func(*testing.T, *visit, model.RevalidationDetail)) {
	t.Helper()
	eachFixtureOf(t, func(t *testing.T, w *fixture, p *person) {
		p.Expected = func(target.Account) target.Expected { return target.Expected{} }
		p.Authorize.Parameters = func(target.Prompt) address.Values { return address.Values{"login_hint": {"svc@example.com"}} }
		p.set(func(f *fake) { f.password = "old" })
		c, err := w.CreateConnection(w.ctx, model.NewConnection{
			Name: "anybody", System: p.Name, Verify: true, Settings: personSettings(), Credentials: target.Credentials{"token": "old"},
		})
		if err != nil {
			t.Fatal(err)
		}
		requested, err := w.Revalidate(w.ctx, c.ID, model.RevalidationRequest{Interactive: true, AnyPerson: true})
		if err != nil {
			t.Fatal(err)
		}
		v := &visit{fixture: w, t: t, system: p, id: c.ID}
		v.link = v.linkOf(requested.ID)
		run(t, v, requested)
	})
}

// ask signs in, and returns an answer to the question who signed in.
func (v *visit) ask(browser string) model.AuthorizationAnswer {
	v.t.Helper()
	v.accept("c")
	state := v.start(browser)
	got := v.finish(model.AuthorizationCallback{State: state, Browser: browser, Code: "c"})
	if got.End != model.EndConfirm || got.Proof == nil || got.Identity == nil {
		v.t.Fatalf("signed in: %+v", got)
	}
	return model.AuthorizationAnswer{State: state, Browser: browser, Proof: got.Proof, Yes: true}
}

func (v *visit) answer(in model.AuthorizationAnswer) model.AuthorizationResult {
	v.t.Helper()
	got, err := v.AnswerAuthorization(v.ctx, in)
	if err != nil {
		v.t.Fatal(err)
	}
	return got
}

// The person's yes stores the sign-in, once; afterwards the answer changes nothing.
func TestPersonConfirms(t *testing.T) {
	t.Parallel()
	eachQuestion(t, func(t *testing.T, v *visit, requested model.RevalidationDetail) {
		before, yes := v.stored(), v.ask("b")
		if got := v.answer(yes); got.End != model.EndSucceeded || got.Identity == nil || got.Test == nil || got.Link != "" {
			t.Fatalf("yes: %+v", got)
		}
		stored := v.stored()
		if stored.Revision != before.Revision+1 || v.last(requested.ID).Authorization.State != model.AuthorizationSucceeded {
			t.Fatalf("stored %+v", stored)
		}
		no := yes
		no.Yes = false
		for _, again := range []model.AuthorizationAnswer{yes, no} {
			if got := v.answer(again); got.End != model.EndLinkEnded || v.stored().Revision != stored.Revision {
				t.Errorf("answered again: %+v", got)
			}
		}
		if confirmed, err := v.ConfirmAuthorization(v.ctx, v.id, requested.ID); err != nil || confirmed.ID != requested.ID {
			t.Errorf("confirmed by the client afterwards: %+v, %v", confirmed, err)
		}
	})
}

// The person's no stores nothing, and the person can start again.
func TestPersonDiscards(t *testing.T) {
	t.Parallel()
	eachQuestion(t, func(t *testing.T, v *visit, requested model.RevalidationDetail) {
		before, no := v.stored(), v.ask("b")
		no.Yes = false
		got := v.answer(no)
		waiting := v.last(requested.ID).Authorization
		if got.End != model.EndDiscarded || got.Link != v.link || got.Identity == nil || v.stored().Revision != before.Revision ||
			waiting.State != model.AuthorizationPending || waiting.Fault.Code != target.WrongIdentity ||
			!waiting.ExpiresAt.Equal(requested.Authorization.ExpiresAt) {
			t.Fatalf("no: %+v, %+v", got, waiting)
		}
		if _, err := v.ConfirmAuthorization(v.ctx, v.id, requested.ID); !errors.Is(err, model.ErrNothingToConfirm) {
			t.Errorf("confirmed by the client afterwards: %v", err)
		}
		yes := no
		yes.Yes = true
		if got := v.answer(yes); got.End != model.EndReplayed {
			t.Errorf("another answer: %+v", got)
		}
		if got := v.answer(v.ask("b")); got.End != model.EndSucceeded {
			t.Errorf("signed in again: %+v", got)
		}
	})
}

// Only the browser that signed in can answer, and only with what its page had.
func TestAnswerBelongsToBrowser(t *testing.T) {
	t.Parallel()
	eachQuestion(t, func(t *testing.T, v *visit, requested model.RevalidationDetail) {
		early := v.start("early")
		if got := v.finish(model.AuthorizationCallback{State: early, Browser: "early", Error: "access_denied"}); got.End !=
			model.EndCanceled {
			t.Fatalf("canceled: %+v", got)
		}
		before, yes := v.stored(), v.ask("b")
		other, earlier, guessed, unknown := yes, yes, yes, yes
		other.Browser, unknown.State, guessed.Proof = "other", "unknown", []byte("guessed")
		earlier.State, earlier.Browser = early, "early"
		for name, c := range map[string]struct {
			answer model.AuthorizationAnswer
			end    model.AuthorizationEnd
		}{
			"another browser": {other, model.EndOtherBrowser}, "a browser of an earlier attempt": {earlier, model.EndReplayed},
			"a wrong proof": {guessed, model.EndReplayed}, "an unknown state": {unknown, model.EndStateUnknown},
		} {
			got := v.answer(c.answer)
			if got.End != c.end || got.Link != "" || v.stored().Revision != before.Revision ||
				v.last(requested.ID).Authorization.State != model.AuthorizationConfirm {
				t.Errorf("%s: %+v", name, got)
			}
		}
		v.clock.advance(api.SignInTimeout)
		if got := v.answer(yes); got.End != model.EndLinkExpired || v.stored().Revision != before.Revision {
			t.Errorf("too late: %+v", got)
		}
	})
}

// A sign-in that does not work any more, or whose settings were changed since, is not stored, and the person can start again.
func TestConfirmedSignInIsTestedAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*visit)
		end    model.AuthorizationEnd
	}{
		"revoked": {func(v *visit) { v.system.set(func(f *fake) { f.password = "another" }) }, model.EndTestFailed},
		"changed": {func(v *visit) {
			name := "renamed"
			if _, err := v.UpdateConnection(v.ctx, v.id, model.ConnectionChange{Name: &name, Revision: v.stored().Revision}); err != nil {
				v.t.Fatal(err)
			}
		}, model.EndChanged},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachQuestion(t, func(t *testing.T, v *visit, requested model.RevalidationDetail) {
				yes := v.ask("b")
				c.change(v)
				before := v.stored()
				got := v.answer(yes)
				waiting := v.last(requested.ID).Authorization
				if got.End != c.end || got.Link != v.link || v.stored().CredentialsSetID != before.CredentialsSetID ||
					waiting.State != model.AuthorizationPending {
					t.Errorf("%+v, %+v", got, waiting)
				}
				if _, err := v.ConfirmAuthorization(v.ctx, v.id, requested.ID); !errors.Is(err, model.ErrNothingToConfirm) {
					t.Errorf("confirmed afterwards: %v", err)
				}
			})
		})
	}
}

// While a sign-in waits to be confirmed, a slower attempt neither replaces it nor changes who it shows.
func TestSlowerAttemptKeepsQuestion(t *testing.T) {
	t.Parallel()
	for name, password := range map[string]string{"its test fails": "token-of-c", "its test passes": "token-of-slow"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachQuestion(t, func(t *testing.T, v *visit, requested model.RevalidationDetail) {
				exchange, asked := v.system.Authorize.Exchange, false
				v.system.Authorize.Exchange = func(ctx context.Context, a target.Account, c target.AuthorizationCode) (target.Issued, error) {
					if c.Code == "slow" && !asked {
						asked = true
						v.ask("quick")
						v.system.set(func(f *fake) { f.password, f.identity = password, "slow@example.com" })
					}
					return exchange(ctx, a, c)
				}
				got := v.finish(model.AuthorizationCallback{State: v.start("slow"), Browser: "slow", Code: "slow"})
				waiting := v.last(requested.ID).Authorization
				if !slices.Contains([]model.AuthorizationEnd{model.EndLinkEnded, model.EndTestFailed}, got.End) || got.Proof != nil ||
					waiting.State != model.AuthorizationConfirm || waiting.Identity.Username == "slow@example.com" {
					t.Errorf("%+v, %+v", got, waiting)
				}
			})
		})
	}
}
