package engine_test

import (
	"context"
	"maps"
	"strings"
	"sync"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// fake is a target system in memory. It records the calls.
type fake struct {
	*target.System

	mu sync.Mutex
	// password is the password that the system accepts.
	password string
	// fault, if set, is the result of every sign-in, regardless of the password.
	fault *target.Fault
	// tests has the faults of the tests of single users, or of the service account ("").
	tests map[string]*target.Fault
	// identity, if set, signs in whatever the username is.
	identity string
	// offered are the authentication schemes on offer, strongest first; without any, sign-ins report no scheme.
	offered []string
	// before, if set, runs during each sign-in.
	before func(context.Context) error
	// during, if set, runs during each test of a user.
	during func(ctx context.Context, user string) error
	// after, if set, runs when a session is closed.
	after func(context.Context)

	wire   []sent
	tested []string
	open   int
	// forgetful does not record the tested users: there may be very many.
	forgetful bool
}

// sent is what one sign-in sent.
type sent struct{ url, username, secret string }

// newFake declares a system with two grants: a password, or a key that requires a region.
func newFake(name string, kind target.Kind) *fake {
	f := &fake{password: "right", tests: map[string]*target.Fault{}}
	f.System = &target.System{
		Name: name, Title: "Fake " + name, Kind: kind,
		Fields: []target.Field{
			{Name: "url", Type: target.URL, Required: true, Binds: true, Fixes: []target.Code{target.SystemNotAvailable}},
			{Name: "username", Type: target.String, Required: true, Binds: true, Canonical: strings.ToLower},
			{Name: "password", Secret: true, Fixes: []target.Code{target.GivenCredentials}},
			{Name: "key", Type: target.JSON, Secret: true},
			{Name: "region", Type: target.String},
			{Name: "scheme", Allowed: []string{"basic", "ntlm"}, Weakens: target.WeakerScheme([]string{"basic", "ntlm"})},
			target.CACertificateField("for a test"),
		},
		Grants: []target.Grant{
			{Name: "password", Secrets: []string{"password"}},
			{Name: "key", Secrets: []string{"key"}, Settings: []string{"region"}},
		},
		Tests:    []target.Test{target.General, target.Impersonation, target.Calendar},
		UserTest: target.Impersonation,
		Help: map[target.Code][]string{
			target.GivenCredentials: {"Sign in to the web page of " + name + " with the same password."},
			target.SystemNotAvailable: {
				"Sign in to the CRM or Outlook on the web as a normal user. If no user can sign in, the system is down.",
			},
		},
		Expected: func(a target.Account) target.Expected { return target.Expected{Username: a.Setting("username")} },
		SignIn:   f.signIn,
	}
	return f
}

func (f *fake) signIn(ctx context.Context, a target.Account) (target.Session, error) {
	username, secret := a.Setting("username"), a.Credentials["password"]+a.Credentials["key"]
	scheme, weaker := f.scheme(a)
	if weaker != nil {
		return nil, weaker
	}
	f.mu.Lock()
	f.wire = append(f.wire, sent{url: a.Setting("url"), username: username, secret: secret})
	before, fault, password, identity := f.before, f.fault, f.password, f.identity
	f.mu.Unlock()
	if before != nil {
		if err := before(ctx); err != nil {
			return nil, err
		}
	}
	switch {
	case fault != nil:
		return nil, fault
	case secret != password:
		return nil, rejection("The password " + secret + " of " + username + " is wrong.")
	case identity == "":
		identity = username
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open++
	return &fakeSession{system: f, identity: identity, scheme: scheme}, nil
}

// scheme returns the authentication scheme that the offer of the system decides; empty if it decides nothing.
func (f *fake) scheme(a target.Account) (string, *target.Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.offered) == 0 || a.Setting("scheme") != "" {
		return "", nil
	}
	return f.offered[0], a.CheckScheme("scheme", f.offered[0])
}

func rejection(message string) *target.Fault {
	return &target.Fault{Code: target.GivenCredentials, Message: target.Say("%s", message), Certain: true}
}

func outage() *target.Fault {
	return &target.Fault{Code: target.SystemNotAvailable, Message: target.Say("503 Service Unavailable")}
}

// set changes the system while it may be in use.
func (f *fake) set(change func(*fake)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

// calls counts the sign-ins that reached the system.
func (f *fake) calls() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.wire)
}

func (f *fake) sent() []sent {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]sent(nil), f.wire...)
}

func (f *fake) testedUsers() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.tested...)
}

func (f *fake) sessions() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.open
}

type fakeSession struct {
	system           *fake
	identity, scheme string
}

func (s *fakeSession) Scheme() string { return s.scheme }

func (s *fakeSession) Identity() target.Identity { return target.Identity{Username: s.identity} }

func (s *fakeSession) Run(ctx context.Context, test target.Test, user string) (target.Text, error) {
	f := s.system
	f.mu.Lock()
	if !f.forgetful {
		f.tested = append(f.tested, user)
	}
	during, faults := f.during, maps.Clone(f.tests)
	f.mu.Unlock()
	if during != nil {
		if err := during(ctx, user); err != nil {
			return target.Text{}, err
		}
	}
	if fault := faults[user]; fault != nil {
		return target.Text{}, fault
	}
	return target.Say("%s works.", test), nil
}

func (s *fakeSession) Close(ctx context.Context) error {
	var after func(context.Context)
	s.system.set(func(f *fake) { f.open--; after = f.after })
	if after != nil {
		after(ctx)
	}
	return nil
}
