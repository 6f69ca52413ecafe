// Package dynamics365 is a stand-in for Microsoft Dynamics 365: a Dataverse environment with the parts of its Web API
// (OData 4.0 with JSON) that show who signed in, find users and act as them, and read rows and table definitions. It
// fails in the ways that Dataverse does. It has no writing operations, no batch requests, no FetchXML and no $expand or
// $orderby.
//
// It has two sites: the environment, and Microsoft Entra ID (package entra), whose tokens the environment verifies.
// Formats and errors follow https://learn.microsoft.com/power-apps/developer/data-platform/webapi/ (overview, query,
// compose-http-requests-handle-errors, impersonate-another-user-web-api), api-limits and
// reference/web-service-error-codes there. Details that are missing there follow what public clients are known to read.
package dynamics365

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
)

// AppID is the application id of Dynamics CRM in every tenant.
const AppID = "00000007-0000-0000-c000-000000000000"

// Options configures a stand-in. The zero value is a plain HTTP server on free ports with the users and the app of
// [NewSeed].
type Options struct {
	sandbox.Options

	// Seed is the state at the start; nil means [NewSeed].
	Seed *Seed
	// Now is the clock; nil means the real one.
	Now func() time.Time
}

// Server is a running stand-in. Its methods are safe for concurrent use.
type Server struct {
	*sandbox.Host

	seed  Seed
	entra *entra.Directory

	mu    sync.Mutex
	state *state
}

// Start starts a stand-in.
func Start(options Options) (*Server, error) {
	seed, err := sandbox.SeedOr(options.Seed, NewSeed)
	if err != nil {
		return nil, err
	}
	s := &Server{seed: seed}
	s.seed.Entra.Resources = s.resources
	s.entra, err = entra.New(entra.Options{
		Seed: s.seed.Entra, Now: options.Now, URL: func() string { return s.URLOf(entra.Site) },
	})
	if err != nil {
		return nil, err
	}
	s.Host, err = sandbox.Start(options.Options, sandbox.System{
		Serve: s.serve, Check: check, Sites: []string{entra.Site},
		Operation: sandbox.ByPath(func(path string) string { return cmp.Or(entra.Operation(path), operationOf(path)) }),
		Restore:   s.restore, Lock: &s.mu,
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// resources are the APIs that Entra issues tokens for: the environment.
func (s *Server) resources() []entra.Resource {
	return []entra.Resource{{
		AppID: AppID, Name: "Dynamics CRM", URIs: []string{s.URL()}, Scopes: []string{"user_impersonation"},
	}}
}

func (s *Server) restore() {
	s.state = newState(s.seed)
	s.entra.Reset()
}

// Entra returns the directory whose tokens the environment accepts.
func (s *Server) Entra() *entra.Directory { return s.entra }

// Organization returns the organization of the environment.
func (s *Server) Organization() Organization {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.organization
}

// UpdateOrganization changes the organization.
func (s *Server) UpdateOrganization(change func(*Organization)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.state.organization)
}

// Service returns the first user: the application user.
func (s *Server) Service() User { return s.Users()[0] }

// Users lists the users.
func (s *Server) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.state.users)
}

// User finds a user by the user name.
func (s *Server) User(name string) (User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user := s.state.user(name)
	if user == nil {
		return User{}, fmt.Errorf("%w: %q", ErrNoUser, name)
	}
	return *user, nil
}

// Update changes a user, found by the user name.
func (s *Server) Update(name string, change func(*User)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return sandbox.Change(s.state.user(name), ErrNoUser, name, change)
}

// Remove deletes a user from the environment. After that the user can no longer call it.
func (s *Server) Remove(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	user := s.state.user(name)
	if user == nil {
		return fmt.Errorf("%w: %q", ErrNoUser, name)
	}
	id := user.ID
	s.state.users = slices.DeleteFunc(s.state.users, func(u User) bool { return u.ID == id })
	return nil
}

// AddTable adds a custom table, which changes the metadata.
func (s *Server) AddTable(logicalName string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.tables = append(s.state.tables, customTable(logicalName))
}
