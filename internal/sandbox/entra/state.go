package entra

import (
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// state is the state that changes. Reading and writing it requires the directory's lock.
type state struct {
	tenants        []Tenant
	apps           []App
	resources      func() []Resource
	refreshTokens  map[string]*approval
	userConsents   map[string]granted   // the approvals of users, by user id and client id
	usedAssertions map[string]time.Time // ids of the assertions that were presented, and when they expire
	validTokens    map[string]bool      // ids (uti) of the valid access tokens
}

func newState(seed Seed) state {
	s := state{
		tenants: slices.Clone(seed.Tenants), resources: seed.Resources,
		refreshTokens: map[string]*approval{}, userConsents: map[string]granted{},
		usedAssertions: map[string]time.Time{}, validTokens: map[string]bool{},
	}
	for _, app := range seed.Apps {
		s.apps = append(s.apps, app.clone())
	}
	return s
}

func (s *state) app(clientID string) *App {
	return sandbox.Find(s.apps, func(a App) bool { return strings.EqualFold(a.ClientID, clientID) })
}

// resource finds an API by its app id or one of its names. A trailing slash is ignored.
func (s *state) resource(name string) *Resource {
	name = strings.TrimRight(name, "/")
	return sandbox.Find(s.resources(), func(r Resource) bool {
		return strings.EqualFold(r.AppID, name) ||
			slices.ContainsFunc(r.URIs, func(uri string) bool { return strings.EqualFold(strings.TrimRight(uri, "/"), name) })
	})
}

// tenant finds a tenant by its id or one of its domains.
func (s *state) tenant(name string) *Tenant {
	return sandbox.Find(s.tenants, func(t Tenant) bool {
		return strings.EqualFold(t.ID, name) ||
			slices.ContainsFunc(t.Domains, func(domain string) bool { return strings.EqualFold(domain, name) })
	})
}
