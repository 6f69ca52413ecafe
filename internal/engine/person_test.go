package engine_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestPersonSignsInForPendingConnection(t *testing.T) {
	t.Parallel()
	eachVisit(t, func(t *testing.T, v *visit) {
		pending := v.stored()
		if shown, err := v.ShowAuthorization(v.ctx, v.link); err != nil || shown.End != model.EndStart ||
			shown.Expected.Username != "svc@example.com" || shown.Connection.Name != "pending" {
			t.Fatalf("the first page: %+v, %v", shown, err)
		}
		v.accept("c1")
		got := v.signIn("c1")
		after := v.stored()
		if got.End != model.EndSucceeded || got.Identity.Username != "svc@example.com" || got.Test == nil || !got.Test.Passed ||
			after.Status() != model.StatusWorking || after.Authorization != nil || after.Revision != pending.Revision+1 {
			t.Fatalf("got %+v, stored %+v", got, after)
		}
		record := v.last(got.Authorization.ID)
		if record.Authorization.State != model.AuthorizationSucceeded || record.Fault != nil || record.FinishedAt.IsZero() {
			t.Errorf("record %+v", record)
		}
		tested, err := v.TestConnection(v.ctx, v.id, model.TestRequest{Account: model.ServiceAccount, Test: target.General})
		if err != nil || !tested.Passed {
			t.Errorf("test afterwards: %+v, %v", tested, err)
		}
		if shown, err := v.ShowAuthorization(v.ctx, v.link); err != nil || shown.End != model.EndLinkEnded {
			t.Errorf("the link afterwards: %+v, %v", shown, err)
		}
	})
}

// Each way that an attempt can fail stores nothing, and leaves the link valid.
func TestFailedAttemptStoresNothing(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		prepare func(*visit)
		in      model.AuthorizationCallback
		want    model.AuthorizationEnd
	}{
		"somebody else": {
			func(v *visit) { v.system.set(func(f *fake) { f.identity = "eve@example.com" }) }, model.AuthorizationCallback{Code: "c"},
			model.EndSomebodyElse,
		},
		"canceled":      {nil, model.AuthorizationCallback{Error: "access_denied", ErrorDescription: "no"}, model.EndCanceled},
		"denied":        {nil, model.AuthorizationCallback{Error: "blocked"}, model.EndDenied},
		"admin consent": {nil, model.AuthorizationCallback{Error: "need_admin"}, model.EndAdminConsent},
		"system error":  {nil, model.AuthorizationCallback{Error: "server_error"}, model.EndSystemError},
		"no code":       {nil, model.AuthorizationCallback{}, model.EndSystemError},
		"scope withheld": {
			func(v *visit) { v.system.withheld = []string{"calendar"} }, model.AuthorizationCallback{Code: "c"}, model.EndScopeWithheld,
		},
		"code refused": {
			func(v *visit) { v.system.exchangeFault = rejection("the code is wrong") }, model.AuthorizationCallback{Code: "c"},
			model.EndCodeRefused,
		},
		"down at the exchange": {
			func(v *visit) { v.system.exchangeFault = outage() }, model.AuthorizationCallback{Code: "c"}, model.EndSystemDown,
		},
		"down at the test": {
			func(v *visit) { v.system.set(func(f *fake) { f.fault = outage() }) }, model.AuthorizationCallback{Code: "c"},
			model.EndSystemDown,
		},
		"test failed": {
			func(v *visit) {
				v.system.set(func(f *fake) { f.tests[""] = &target.Fault{Code: target.InsufficientPermission} })
			},
			model.AuthorizationCallback{Code: "c"}, model.EndTestFailed,
		},
	}
	eachFixtureOf(t, func(t *testing.T, w *fixture, p *person) {
		for name, test := range tests {
			c, err := w.CreateConnection(w.ctx, model.NewConnection{
				Name: name, System: p.Name, Verify: true, Settings: personSettings(), Credentials: target.Credentials{"token": "old"},
			})
			if err == nil || c.ID != "" {
				t.Fatalf("%s: a wrong token was accepted", name)
			}
			p.set(func(f *fake) { f.password, f.identity, f.fault = "old", "", nil; delete(f.tests, "") })
			p.withheld, p.exchangeFault = nil, nil
			w.clock.advance(time.Hour) // what was rejected is forgotten
			c, err = w.CreateConnection(w.ctx, model.NewConnection{
				Name: name, System: p.Name, Verify: true, Settings: personSettings(), Credentials: target.Credentials{"token": "old"},
			})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			requested, err := w.Revalidate(w.ctx, c.ID, model.RevalidationRequest{Interactive: true})
			if err != nil || requested.Authorization.State != model.AuthorizationPending {
				t.Fatalf("%s: %+v, %v", name, requested, err)
			}
			v := &visit{fixture: w, t: t, system: p, id: c.ID}
			v.link = v.linkOf(requested.ID)
			before := v.stored()
			v.accept("c")
			if test.prepare != nil {
				test.prepare(v)
			}
			test.in.State, test.in.Browser = v.start("browser"), "browser"
			got := v.finish(test.in)
			after, record := v.stored(), v.last(requested.ID)
			if got.End != test.want || got.Link != v.link || after.Revision != before.Revision || after.Status() != model.StatusWorking ||
				record.Authorization.State != model.AuthorizationPending || record.Authorization.Fault == nil {
				t.Errorf("%s: got %+v, stored %+v, record %+v", name, got, after, record.Authorization)
			}
			who := record.Authorization.Identity
			if test.want == model.EndSomebodyElse && (who == nil || who.Username != "eve@example.com") {
				t.Errorf("%s: recorded %+v", name, who)
			}
			if test.want == model.EndAdminConsent && !strings.Contains(got.AdminConsentURL, personRedirect) {
				t.Errorf("%s: %q", name, got.AdminConsentURL)
			}
			if test.want == model.EndScopeWithheld && !strings.Contains(got.Fault.Message, "calendar") {
				t.Errorf("%s: %+v", name, got.Fault)
			}
			// The stored credentials still work, and the same link.
			p.set(func(f *fake) { f.password, f.identity, f.fault = "old", "", nil; delete(f.tests, "") })
			tested, err := w.TestConnection(w.ctx, c.ID, model.TestRequest{Account: model.ServiceAccount, Test: target.General})
			if err != nil || !tested.Passed {
				t.Errorf("%s: the old credentials: %+v, %v", name, tested, err)
			}
			p.withheld, p.exchangeFault = nil, nil
			v.accept("again")
			if again := v.signIn("again"); again.End != model.EndSucceeded {
				t.Errorf("%s: again: %+v", name, again)
			}
		}
	})
}

// A callback is used once, in its own browser, and within 15 minutes.
func TestCallbackIsUsedOnce(t *testing.T) {
	t.Parallel()
	eachVisit(t, func(t *testing.T, v *visit) {
		v.accept("c1")
		if got := v.finish(model.AuthorizationCallback{State: "guessed", Browser: "b", Code: "c1"}); got.End != model.EndStateUnknown ||
			got.Connection.ID != "" {
			t.Errorf("an unknown state: %+v", got)
		}
		state := v.start("mine")
		got := v.finish(model.AuthorizationCallback{State: state, Browser: "theirs", Code: "c1"})
		if got.End != model.EndOtherBrowser || got.Connection.ID != "" || got.Link != "" {
			t.Errorf("another browser: %+v", got)
		}
		replaced := state
		state = v.start("mine")
		if got := v.finish(model.AuthorizationCallback{State: replaced, Browser: "mine", Code: "c1"}); got.End != model.EndReplayed {
			t.Errorf("a replaced attempt: %+v", got)
		}
		v.clock.advance(api.SignInTimeout)
		if got := v.finish(model.AuthorizationCallback{State: state, Browser: "mine", Code: "c1"}); got.End != model.EndStateExpired ||
			got.Link != v.link {
			t.Errorf("too late: %+v", got)
		}
		if n := len(v.system.exchanged); n != 0 {
			t.Fatalf("%d codes were exchanged", n)
		}
		callback := model.AuthorizationCallback{State: v.start("mine"), Browser: "mine", Code: "c1"}
		ends := make(chan model.AuthorizationEnd, 4)
		var all sync.WaitGroup
		for range cap(ends) {
			all.Go(func() {
				got, err := v.FinishAuthorization(v.ctx, callback)
				if err != nil {
					t.Error(err)
				}
				ends <- got.End
			})
		}
		all.Wait()
		counts := map[model.AuthorizationEnd]int{}
		for range cap(ends) {
			counts[<-ends]++
		}
		if counts[model.EndSucceeded] != 1 || counts[model.EndReplayed] != 3 || len(v.system.exchanged) != 1 {
			t.Errorf("%v, after %d exchanges", counts, len(v.system.exchanged))
		}
	})
}

func TestLinkEnds(t *testing.T) {
	t.Parallel()
	eachVisit(t, func(t *testing.T, v *visit) {
		end := func() model.AuthorizationEnd {
			t.Helper()
			started, shown, err := v.StartAuthorization(v.ctx, model.AuthorizationStart{
				Link: v.link, Browser: "b", RedirectURI: personRedirect,
			})
			if err != nil || (started.URL != "") != (shown.End == model.EndStart) {
				t.Fatalf("%+v, %v", shown, err)
			}
			return shown.End
		}
		if got, err := v.ShowAuthorization(v.ctx, "unknown"); err != nil || got.End != model.EndLinkUnknown {
			t.Errorf("an unknown link: %+v, %v", got, err)
		}
		open := v.stored().Authorization
		newer, err := v.Revalidate(v.ctx, v.id, model.RevalidationRequest{}) // nothing is stored to sign in with
		if err != nil || end() != model.EndLinkEnded || v.last(open.ID).Authorization.State != model.AuthorizationReplaced {
			t.Errorf("a replaced link: %+v, %v", newer, err)
		}
		v.link = v.linkOf(newer.ID)
		if err := v.CancelAuthorization(v.ctx, v.id, newer.ID); err != nil || end() != model.EndLinkEnded ||
			v.stored().Authorization != nil {
			t.Errorf("a canceled link: %v", err)
		}
		again, err := v.Revalidate(v.ctx, v.id, model.RevalidationRequest{Interactive: true})
		if err != nil {
			t.Fatal(err)
		}
		v.link = v.linkOf(again.ID)
		v.clock.advance(api.SignInPeriod)
		if end() != model.EndLinkExpired || v.last(again.ID).Authorization.State != model.AuthorizationExpired ||
			v.stored().Authorization != nil {
			t.Error("an old link is valid")
		}
		last, err := v.Revalidate(v.ctx, v.id, model.RevalidationRequest{Interactive: true})
		if err != nil {
			t.Fatal(err)
		}
		v.link = v.linkOf(last.ID)
		for range api.MaxSignInAttempts {
			if got := end(); got != model.EndStart {
				t.Fatal(got)
			}
		}
		if end() != model.EndTooManyAttempts || v.last(last.ID).Authorization.State != model.AuthorizationFailed {
			t.Error("the attempts are not limited")
		}
	})
}

// A person's sign-in makes no difference to a comparison: neither with what was submitted before, nor with nothing.
func TestPersonMakesNoDifference(t *testing.T) {
	t.Parallel()
	eachFixtureOf(t, func(t *testing.T, w *fixture, p *person) {
		p.set(func(f *fake) { f.password = "old" })
		submitted := target.Credentials{"token": "old", "app_secret": "s3cret"}
		c, err := w.CreateConnection(w.ctx, model.NewConnection{
			Name: "compared", System: p.Name, Verify: true, Settings: personSettings(), Credentials: submitted,
		})
		if err != nil {
			t.Fatal(err)
		}
		requested, err := w.Revalidate(w.ctx, c.ID, model.RevalidationRequest{Interactive: true})
		if err != nil {
			t.Fatal(err)
		}
		v := &visit{fixture: w, t: t, system: p, id: c.ID}
		v.link = v.linkOf(requested.ID)
		v.accept("new")
		if got := v.signIn("new"); got.End != model.EndSucceeded {
			t.Fatalf("got %+v", got)
		}
		compared, err := w.CompareCredentials(w.ctx, []model.Comparison{
			{ConnectionID: c.ID, Credentials: submitted}, {ConnectionID: c.ID, Credentials: target.Credentials{"token": "other"}},
		})
		if err != nil || compared[0] != model.ComparisonEqual || compared[1] != model.ComparisonUnequal {
			t.Errorf("compared %v, %v", compared, err)
		}
	})
}

// A sync policy with a pending connection cannot be enabled, and the refusal says why.
func TestPolicyWithPendingConnection(t *testing.T) {
	t.Parallel()
	eachVisit(t, func(t *testing.T, v *visit) {
		_, err := v.CreatePolicy(v.ctx, model.NewPolicy{
			Name: "p", EmailConnectionID: v.id, Enabled: true, Interval: time.Hour,
		})
		if err == nil || !strings.Contains(err.Error(), "No person has signed in") {
			t.Errorf("got %v", err)
		}
		tested, err := v.TestConnection(v.ctx, v.id, model.TestRequest{Account: model.ServiceAccount, Test: target.General})
		if err != nil || tested.Passed || !strings.Contains(tested.Fault.Message, "No person has signed in") || v.system.calls() != 0 {
			t.Errorf("tested %+v, %v", tested, err)
		}
	})
}

// Without an expected account, nothing is stored before a client has confirmed who signed in.
func TestConfirmation(t *testing.T) {
	t.Parallel()
	eachFixtureOf(t, func(t *testing.T, w *fixture, p *person) {
		p.Expected = func(target.Account) target.Expected { return target.Expected{} }
		p.set(func(f *fake) { f.password = "old" })
		c, err := w.CreateConnection(w.ctx, model.NewConnection{
			Name: "anybody", System: p.Name, Verify: true, Settings: personSettings(), Credentials: target.Credentials{"token": "old"},
		})
		if err != nil {
			t.Fatal(err)
		}
		var invalid *model.InvalidError
		if _, err := w.Revalidate(w.ctx, c.ID, model.RevalidationRequest{Interactive: true}); !errors.As(err, &invalid) {
			t.Fatalf("a sign-in of anybody: %v", err)
		}
		requested, err := w.Revalidate(w.ctx, c.ID, model.RevalidationRequest{Interactive: true, AnyPerson: true})
		if err != nil {
			t.Fatal(err)
		}
		started, _, err := w.StartAuthorization(w.ctx, model.AuthorizationStart{
			Link: (&visit{fixture: w, t: t}).linkOf(requested.ID), Browser: "b", RedirectURI: personRedirect,
		})
		if err != nil {
			t.Fatal(err)
		}
		p.set(func(f *fake) { f.password = "token-of-c" })
		got, err := w.FinishAuthorization(w.ctx, model.AuthorizationCallback{State: started.State, Browser: "b", Code: "c"})
		if err != nil || got.End != model.EndConfirm || got.Identity == nil {
			t.Fatalf("got %+v, %v", got, err)
		}
		if found, err := w.Connection(w.ctx, c.ID); err != nil || found.Revision != c.Revision {
			t.Fatalf("stored before the confirmation: %+v, %v", found, err)
		}
		confirmed, err := w.ConfirmAuthorization(w.ctx, c.ID, requested.ID)
		if err != nil || confirmed.Authorization.State != model.AuthorizationSucceeded ||
			confirmed.Connection.Revision != c.Revision+1 {
			t.Fatalf("confirmed %+v, %v", confirmed, err)
		}
		if again, err := w.ConfirmAuthorization(w.ctx, c.ID, requested.ID); err != nil || again.ID != confirmed.ID {
			t.Errorf("confirmed again: %+v, %v", again, err)
		}
	})
}

// A request that ends during the test leaves a used attempt, and nothing else.
func TestKilledSignIn(t *testing.T) {
	t.Parallel()
	eachVisit(t, func(t *testing.T, v *visit) {
		v.accept("c1")
		ctx, kill := context.WithCancel(v.ctx)
		v.system.set(func(f *fake) { f.before = func(context.Context) error { kill(); return ctx.Err() } })
		callback := model.AuthorizationCallback{State: v.start("b"), Browser: "b", Code: "c1"}
		if got, err := v.FinishAuthorization(ctx, callback); err == nil {
			t.Fatalf("got %+v", got)
		}
		v.system.set(func(f *fake) { f.before = nil })
		if got := v.finish(callback); got.End != model.EndReplayed || got.Link != v.link {
			t.Errorf("the same callback: %+v", got)
		}
		if got := v.signIn("c1"); got.End != model.EndSucceeded {
			t.Errorf("again: %+v", got)
		}
	})
}

// The settings of a pending connection can be changed, but secrets that wait for the person are bound as others are.
func TestPendingConnectionCanBeChanged(t *testing.T) {
	t.Parallel()
	eachVisit(t, func(t *testing.T, v *visit) {
		state := v.start("b")
		elsewhere := personSettings()
		elsewhere["url"] = "https://elsewhere.example.com"
		changed, err := v.UpdateConnection(v.ctx, v.id, model.ConnectionChange{Settings: elsewhere, Verify: true})
		if err != nil || changed.Status() != model.StatusBlank || changed.Authorization == nil || v.system.calls() != 0 {
			t.Fatalf("changed %+v, %v", changed, err)
		}
		if got := v.finish(model.AuthorizationCallback{State: state, Browser: "b", Code: "c1"}); got.End != model.EndChanged {
			t.Errorf("an attempt from before: %+v", got)
		}
		again, err := v.UpdateConnection(v.ctx, v.id, model.ConnectionChange{Revalidate: true, Verify: true})
		if err != nil || again.Authorization == nil || again.Authorization.ID == changed.Authorization.ID {
			t.Errorf("re-validated: %+v, %v", again, err)
		}
	})
}
