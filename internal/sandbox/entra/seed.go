package entra

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// What an order to change something may name wrongly.
var (
	ErrNoUser = fmt.Errorf("%w user", sandbox.ErrNotFound)
	ErrNoApp  = fmt.Errorf("%w application", sandbox.ErrNotFound)
)

// Tenant is one tenant.
type Tenant struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Domains []string `json:"domains"` // verified ones
}

// Resource is an API that tokens are for.
type Resource struct {
	AppID string
	Name  string
	// URIs are the names that a scope may call it by.
	URIs []string
	// Roles and Scopes are the permissions that applications, and people's applications, can be granted.
	Roles, Scopes []string
	// V2 is an API that takes tokens of version 2.0.
	V2 bool
}

// Secret is a client secret.
type Secret struct {
	Name    string    `json:"name"`
	Value   string    `json:"-"`
	Expires time.Time `json:"expires"`
}

// Consent is what an administrator granted an app at an API.
type Consent struct {
	Roles  []string `json:"roles"`
	Scopes []string `json:"scopes"`
}

// App is an app registration, with the enterprise application in its tenant.
type App struct {
	ClientID string `json:"client_id"`
	Name     string `json:"name"`
	TenantID string `json:"tenant_id"`
	// ObjectID is the enterprise application's (service principal's).
	ObjectID string `json:"object_id"`
	// Enabled is "Enabled for users to sign-in".
	Enabled bool     `json:"enabled"`
	Secrets []Secret `json:"secrets"`
	// Certificates are the PEM of those that are uploaded.
	Certificates []string `json:"certificates"`
	RedirectURIs []string `json:"redirect_uris"`
	// Consents are what is granted, by the app id of the API.
	Consents map[string]Consent `json:"consents"`
}

func (a App) clone() App {
	a.Secrets, a.Certificates, a.RedirectURIs = slices.Clone(a.Secrets), slices.Clone(a.Certificates), slices.Clone(a.RedirectURIs)
	a.Consents = maps.Clone(a.Consents)
	return a
}

// User is one user.
type User struct {
	ID       string `json:"id"`
	TenantID string `json:"tenant_id"`
	UPN      string `json:"upn"`
	Name     string `json:"name"`
	Password string `json:"-"`
	Enabled  bool   `json:"enabled"`
	// Locked is an account that was tried with wrong passwords too often.
	Locked          bool `json:"locked"`
	PasswordExpired bool `json:"password_expired"`
	// MFA is a policy that demands a second factor.
	MFA bool `json:"mfa"`
}

// Seed is what a directory starts with.
type Seed struct {
	Tenants []Tenant
	// Apps are the app registrations; the first is the one that integrations sign in through.
	Apps []App
	// Users are everybody. One without a password gets a random one.
	Users []User
	// Resources are the APIs. They are asked for when they are needed, since their addresses may be those of a stand-in.
	Resources func() []Resource
}

// The tenants of [NewSeed].
const (
	TenantID      = "5a4d0000-7e4a-4000-8000-00000000a001"
	OtherTenantID = "5a4d0000-7e4a-4000-8000-00000000b001"
)

// NewSeed is the seed of a directory that is told no other: a tenant with the domains example.com and
// example.onmicrosoft.com, the users ada, grace and alan, two whose names begin with team, and one who has left; another
// tenant with a user; and an app registration with a client secret and a certificate. The caller adds the APIs, and what
// the app may do there. Each call gives a new one.
func NewSeed() (Seed, error) {
	pair, err := firstPair()
	if err != nil {
		return Seed{}, fmt.Errorf("make the app's certificate: %w", err)
	}
	user := func(tenant, upn, name string) User {
		return User{ID: uuid.NewString(), TenantID: tenant, UPN: upn, Name: name, Enabled: true}
	}
	left := user(TenantID, "left@example.com", "Left Already")
	left.Enabled = false
	return Seed{
		Tenants: []Tenant{
			{ID: TenantID, Name: "Example", Domains: []string{"example.com", "example.onmicrosoft.com"}},
			{ID: OtherTenantID, Name: "Another Example", Domains: []string{"example.org"}},
		},
		Apps: []App{{
			ClientID: uuid.NewString(), Name: "Riva", TenantID: TenantID, ObjectID: uuid.NewString(), Enabled: true,
			Secrets:      []Secret{NewSecret("first")},
			Certificates: []string{pair.Certificate}, RedirectURIs: []string{"http://localhost:1717/callback"},
			Consents: map[string]Consent{},
		}},
		Users: []User{
			user(TenantID, "riva-sync@example.com", "Riva Service User"),
			user(TenantID, "ada@example.com", "Ada Lovelace"),
			user(TenantID, "grace@example.com", "Grace Hopper"),
			user(TenantID, "alan@example.com", "Alan Turing"),
			user(TenantID, "team.one@example.com", "Team One"),
			user(TenantID, "team.two@example.com", "Team Two"),
			left,
			user(OtherTenantID, "riva-sync@example.org", "Riva Service User"),
		},
		Resources: func() []Resource { return nil },
	}, nil
}

// NewSecret is a client secret with a random value, good for half a year.
func NewSecret(name string) Secret {
	return Secret{Name: name, Value: rand.Text() + "~" + rand.Text()[:13], Expires: time.Now().AddDate(0, 6, 0)}
}

// check says what is wrong with a seed, and gives passwords to those who have none.
func (s *Seed) check() error {
	if len(s.Tenants) == 0 || len(s.Apps) == 0 || s.Resources == nil {
		return errors.New("a directory needs a tenant, an app and resources")
	}
	s.Users = slices.Clone(s.Users)
	for i := range s.Users {
		s.Users[i].Password = cmp.Or(s.Users[i].Password, rand.Text())
	}
	for _, app := range s.Apps {
		if err := app.check(); err != nil {
			return err
		}
	}
	return nil
}

func (a App) check() error {
	for _, text := range a.Certificates {
		if _, err := parseCertificate(text); err != nil {
			return fmt.Errorf("app %s: %w", a.Name, err)
		}
	}
	return nil
}

// state is everything that changes. It needs the directory's lock.
type state struct {
	tenants   []Tenant
	apps      []App
	users     []User
	resources func() []Resource
	refresh   map[string]*approval
	codes     map[string]*code
	used      map[string]time.Time // ids of assertions that were presented, and when these end
	live      map[string]bool      // ids (uti) of the access tokens that are good
}

func newState(seed Seed) *state {
	s := &state{
		tenants: slices.Clone(seed.Tenants), users: slices.Clone(seed.Users), resources: seed.Resources,
		refresh: map[string]*approval{}, codes: map[string]*code{}, used: map[string]time.Time{}, live: map[string]bool{},
	}
	for _, app := range seed.Apps {
		s.apps = append(s.apps, app.clone())
	}
	return s
}

func (s *state) app(clientID string) *App {
	return sandbox.Find(s.apps, func(a App) bool { return strings.EqualFold(a.ClientID, clientID) })
}

func (s *state) user(name string) *User {
	return sandbox.Find(s.users, func(u User) bool { return strings.EqualFold(u.UPN, name) || u.ID == name })
}

// resource finds an API by its app id or one of its names; a trailing slash does not count.
func (s *state) resource(name string) *Resource {
	name = strings.TrimRight(name, "/")
	return sandbox.Find(s.resources(), func(r Resource) bool {
		return strings.EqualFold(r.AppID, name) ||
			slices.ContainsFunc(r.URIs, func(uri string) bool { return strings.EqualFold(strings.TrimRight(uri, "/"), name) })
	})
}
