package entra

import (
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// ErrNoUser is the error for a user that does not exist.
var ErrNoUser = fmt.Errorf("%w user", sandbox.ErrNotFound)

// Tenant is a tenant.
type Tenant struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Domains []string `json:"domains"` // verified ones
	// AdminConsent is the policy that users may not approve apps themselves.
	AdminConsent bool `json:"admin_consent_required"`
}

// Resource is an API that tokens are issued for.
type Resource struct {
	AppID string
	Name  string
	// URIs are the names of the API in a scope.
	URIs []string
	// Roles and Scopes are the permissions that can be granted: Roles to applications, Scopes to applications that act
	// for a user.
	Roles, Scopes []string
	// AdminScopes are the delegated permissions that only an administrator can grant.
	AdminScopes []string
	// V2 is set for an API that takes tokens of version 2.0.
	V2 bool
}

// Secret is a client secret.
type Secret struct {
	Name    string    `json:"name"`
	Value   string    `json:"-"`
	Expires time.Time `json:"expires"`
}

// Consent contains the permissions that an administrator granted to an app at an API.
type Consent struct {
	Roles  []string `json:"roles"`
	Scopes []string `json:"scopes"`
}

// App is an app registration, with the enterprise application of its tenant.
type App struct {
	ClientID string `json:"client_id"`
	Name     string `json:"name"`
	TenantID string `json:"tenant_id"`
	// ObjectID is the object id of the enterprise application (service principal).
	ObjectID string `json:"object_id"`
	// Enabled is "Enabled for users to sign-in".
	Enabled bool     `json:"enabled"`
	Secrets []Secret `json:"secrets"`
	// Certificates are the uploaded certificates, as PEM.
	Certificates []string `json:"certificates"`
	// Consents are the permissions that an administrator granted, by the app id of the API.
	Consents map[string]Consent `json:"consents"`
	// Permissions are the delegated permissions of the registration, by the app id of the API. The scope .default requests
	// them.
	Permissions map[string][]string `json:"permissions"`
	// RedirectURIs are the addresses that a browser may be sent back to. The port of a loopback address is ignored.
	RedirectURIs []string `json:"redirect_uris"`
	// Public is set for an app without credentials of its own ("Allow public client flows").
	Public bool `json:"public"`
}

func (a App) clone() App {
	a.Secrets, a.Certificates = slices.Clone(a.Secrets), slices.Clone(a.Certificates)
	a.Consents, a.Permissions = maps.Clone(a.Consents), maps.Clone(a.Permissions)
	a.RedirectURIs = slices.Clone(a.RedirectURIs)
	return a
}

// User is a user.
type User struct {
	ID       string `json:"id"`
	TenantID string `json:"tenant_id"`
	UPN      string `json:"upn"`
	Name     string `json:"name"`
	Password string `json:"-" patch:"password"`
	Enabled  bool   `json:"enabled"`
	// Admin is an administrator, who may grant permissions for all users.
	Admin bool `json:"admin"`
	// Locked is an account that is locked after too many wrong passwords.
	Locked          bool `json:"locked"`
	PasswordExpired bool `json:"password_expired"`
	// MFA is a policy that requires a second factor.
	MFA bool `json:"mfa"`
}

// Seed is the state of a directory at the start.
type Seed struct {
	Tenants []Tenant
	// Apps are the app registrations. Integrations sign in through the first one.
	Apps []App
	// Users are the users of all tenants. A user without a password gets a random one.
	Users []User
	// Resources returns the APIs. It is only called when they are needed, because their addresses may be those of a
	// stand-in.
	Resources func() []Resource
}

// The tenants of [NewSeed].
const (
	TenantID      = "5a4d0000-7e4a-4000-8000-00000000a001"
	OtherTenantID = "5a4d0000-7e4a-4000-8000-00000000b001"
)

// NewSeed returns the default seed: a tenant with the domains example.com and example.onmicrosoft.com, the users ada,
// grace and alan, two users whose names begin with team, and one who has left; another tenant with a user; and an app
// registration with a client secret and a certificate. The caller adds the APIs and the app's permissions there. Each
// call returns a new seed.
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
	alan := user(TenantID, "alan@example.com", "Alan Turing")
	alan.Admin = true
	return Seed{
		Tenants: []Tenant{
			{ID: TenantID, Name: "Example", Domains: []string{"example.com", "example.onmicrosoft.com"}},
			{ID: OtherTenantID, Name: "Another Example", Domains: []string{"example.org"}},
		},
		Apps: []App{{
			ClientID: uuid.NewString(), Name: "Riva", TenantID: TenantID, ObjectID: uuid.NewString(), Enabled: true,
			Secrets:      []Secret{NewSecret("first")},
			Certificates: []string{pair.Certificate},
			Consents:     map[string]Consent{},
			RedirectURIs: []string{"http://localhost"},
		}},
		Users: []User{
			user(TenantID, "riva-sync@example.com", "Riva Service User"),
			user(TenantID, "ada@example.com", "Ada Lovelace"),
			user(TenantID, "grace@example.com", "Grace Hopper"),
			alan,
			user(TenantID, "team.one@example.com", "Team One"),
			user(TenantID, "team.two@example.com", "Team Two"),
			left,
			user(OtherTenantID, "riva-sync@example.org", "Riva Service User"),
		},
		Resources: func() []Resource { return nil },
	}, nil
}

// NewSecret returns a client secret with a random value that is valid for half a year.
func NewSecret(name string) Secret {
	return Secret{Name: name, Value: rand.Text() + "~" + rand.Text()[:13], Expires: time.Now().AddDate(0, 6, 0)}
}

// check returns an error for an invalid seed, and sets the missing passwords.
func (s *Seed) check() error {
	if len(s.Tenants) == 0 || len(s.Apps) == 0 || s.Resources == nil {
		return errors.New("a directory requires a tenant, an app and resources")
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
