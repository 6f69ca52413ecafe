package engine_test

import (
	"context"
	address "net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// person is a fake target system that people sign in to. A code is accepted with the verifier of its challenge; it becomes the
// password that the system accepts.
type person struct {
	*fake

	// withheld are scopes that are not granted, and exchangeFault is why no code is exchanged.
	withheld      []string
	exchangeFault *target.Fault
	exchanged     []target.AuthorizationCode
}

const personRedirect = "https://riva.example.com/oauth/callback"

func newPerson(name string) *person {
	p := &person{fake: newFake(name, target.Email)}
	p.Revalidates = true
	p.Grants = append(p.Grants, target.Grant{Name: "person", Secrets: []string{"token"}, Optional: []string{"app_secret"}})
	p.Fields = append(p.Fields,
		target.Field{Name: "token", Secret: true, Fixes: []target.Code{target.GivenCredentials}},
		target.Field{Name: "app_secret", Secret: true}, target.Field{Name: "app"})
	sign := p.SignIn
	p.SignIn = func(ctx context.Context, a target.Account) (target.Session, error) {
		if token := a.Credentials["token"]; token != "" {
			a.Credentials = target.Credentials{"password": token}
		}
		return sign(ctx, a)
	}
	p.Authorize = &target.CodeGrant{
		Secret: "token", ClientID: "app", Redirect: target.LoopbackRedirect{Host: "localhost", Ports: []int{47100}},
		Endpoint:   func(a target.Account) string { return a.Setting("url") + "/authorize" },
		Scopes:     func(target.Account) []string { return []string{"mail", "calendar"} },
		Parameters: func(p target.Prompt) address.Values { return address.Values{"login_hint": {p.Username}} },
		Exchange: func(_ context.Context, _ target.Account, c target.AuthorizationCode) (target.Issued, error) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.exchanged = append(p.exchanged, c)
			if p.exchangeFault != nil {
				return target.Issued{}, p.exchangeFault
			}
			return target.Issued{Secret: "token-of-" + c.Code, Granted: []string{"mail"}, Withheld: p.withheld}, nil
		},
		Refused: func(_ target.Account, code, description string) target.Refusal {
			fault := &target.Fault{Code: target.Misconfigured, Message: target.Say("%s (%s)", description, code)}
			kinds := map[string]target.RefusalKind{
				"access_denied": target.RefusedByPerson, "blocked": target.RefusedByPolicy, "need_admin": target.RefusedWithoutAdmin,
			}
			return target.Refusal{Kind: kinds[code], Fault: fault}
		},
		AdminConsent: func(a target.Account, redirect string) string { return a.Setting("url") + "/consent?to=" + redirect },
	}
	return p
}

// visit is a connection that waits for a person, and the person.
type visit struct {
	*fixture
	t      *testing.T
	system *person
	id     string
	link   string
}

// eachVisit runs a test with a new pending connection on a store of each type.
func eachVisit(t *testing.T, run func(*testing.T, *visit)) {
	t.Helper()
	eachFixtureOf(t, func(t *testing.T, w *fixture, p *person) {
		v := &visit{fixture: w, t: t, system: p}
		created, err := w.CreateConnection(w.ctx, model.NewConnection{
			Name: "pending", System: p.Name, Verify: true, Settings: personSettings(),
		})
		if err != nil {
			t.Fatal(err)
		}
		if created.Status() != model.StatusBlank || created.Authorization == nil || p.calls() != 0 {
			t.Fatalf("created %+v after %d calls", created, p.calls())
		}
		v.id, v.link = created.ID, v.linkOf(created.Authorization.ID)
		run(t, v)
	})
}

// eachFixtureOf runs a test with an engine that has a system for people, on a store of each type.
func eachFixtureOf(t *testing.T, run func(*testing.T, *fixture, *person)) {
	t.Helper()
	systems := make(chan *person, 8)
	eachFixture(t, func(t *testing.T, w *fixture) { run(t, w, <-systems) }, func(o *engine.Options) {
		p := newPerson("people")
		o.Systems = append(o.Systems, p.System)
		systems <- p
	})
}

func personSettings() target.Settings {
	return target.Settings{"url": "https://people.example.com", "username": "svc@example.com", "app": "riva"}
}

func (v *visit) linkOf(authorizationID string) string {
	v.t.Helper()
	link, err := v.AuthorizationLink(v.ctx, authorizationID)
	if err != nil {
		v.t.Fatal(err)
	}
	return link
}

// start presses the button, and returns the state.
func (v *visit) start(browser string) string {
	v.t.Helper()
	started, shown, err := v.StartAuthorization(v.ctx, model.AuthorizationStart{
		Link: v.link, Browser: browser, RedirectURI: personRedirect,
	})
	if err != nil || started.URL == "" {
		v.t.Fatalf("start: %+v, %v", shown, err)
	}
	sentTo, err := address.Parse(started.URL)
	if err != nil {
		v.t.Fatal(err)
	}
	query := sentTo.Query()
	if !strings.HasPrefix(started.URL, "https://people.example.com/authorize?") || query.Get("state") != started.State ||
		query.Get("code_challenge_method") != "S256" || query.Get("login_hint") != "svc@example.com" ||
		query.Get("redirect_uri") != personRedirect || query.Get("client_id") != "riva" || query.Get("scope") != "mail calendar" {
		v.t.Fatalf("sent to %s", started.URL)
	}
	return started.State
}

// finish comes back from the system.
func (v *visit) finish(in model.AuthorizationCallback) model.AuthorizationResult {
	v.t.Helper()
	got, err := v.FinishAuthorization(v.ctx, in)
	if err != nil {
		v.t.Fatal(err)
	}
	return got
}

// signIn signs in with a code, and returns how it ended.
func (v *visit) signIn(code string) model.AuthorizationResult {
	v.t.Helper()
	return v.finish(model.AuthorizationCallback{State: v.start("browser"), Browser: "browser", Code: code})
}

// accept makes the system accept the token of a code.
func (v *visit) accept(code string) { v.system.set(func(f *fake) { f.password = "token-of-" + code }) }

// stored reads the connection.
func (v *visit) stored() model.ConnectionDetail {
	v.t.Helper()
	found, err := v.Connection(v.ctx, v.id)
	if err != nil {
		v.t.Fatal(err)
	}
	return found
}

// last reads the re-validation that waits, or waited, for the person.
func (v *visit) last(id string) model.RevalidationDetail {
	v.t.Helper()
	found, err := v.Revalidation(v.ctx, v.id, id)
	if err != nil {
		v.t.Fatal(err)
	}
	return found
}
