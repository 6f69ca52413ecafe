// Package sugarcrm is a stand-in for a Sugar instance as an integration sees it: the token endpoint with its password and
// refresh grants, sessions that end as Sugar ends them, acting as a user, and enough of the REST API to prove who signed
// in, to find users, to read records and to see which modules there are — and the ways Sugar fails.
//
// Wire formats and words follow the Sugar Developer Guide, "REST API",
// https://support.sugarcrm.com/documentation/sugar_developer/sugar_developer_guide_14.0/integration/web_services/rest_api/
// with its pages on endpoints and errors; what the guide leaves open follows Sugar 7's published sources.
package sugarcrm

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Path is where the instance is served: on premises, Sugar usually has a folder of its own.
const Path = "/sugar"

// Options configures a stand-in; the zero value is a plain HTTP server on a free port with what [NewSeed] says.
type Options struct {
	sandbox.Options
	// Seed is what there is at the start; nil means [NewSeed].
	Seed *Seed
	// LockAfter locks a user after so many refused sign-ins in a row; 0 means never.
	LockAfter int
	// Now is the clock; nil means the real one.
	Now func() time.Time
}

// Server is a running stand-in. Its methods are safe for concurrent use.
type Server struct {
	*sandbox.Host
	seed      Seed
	lockAfter int
	now       func() time.Time

	mu    sync.Mutex
	state *state
}

// Start makes a stand-in and brings it up. Close ends it.
func Start(options Options) (*Server, error) {
	s := &Server{
		seed: *cmp.Or(options.Seed, new(NewSeed())), lockAfter: options.LockAfter, now: sandbox.Clock(options.Now),
	}
	if err := s.seed.check(); err != nil {
		return nil, err
	}
	var err error
	s.Host, err = sandbox.Start(options.Options, sandbox.System{
		Serve: s.answer, Check: check, Operation: sandbox.ByPath(operationOf),
		Restore: func() { s.state = newState(s.seed) }, Lock: &s.mu,
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// URL is the address of the instance, to give to a client.
func (s *Server) URL() string { return s.Host.URL() + Path }

// Service is the first user: the service user, with its password.
func (s *Server) Service() User { return s.Users()[0] }

// Users lists the users, with their passwords.
func (s *Server) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.state.users)
}

// Update changes a user, found by user name.
func (s *Server) Update(userName string, change func(*User)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return sandbox.Change(s.state.user(userName), ErrNoUser, userName, change)
}

// SetPassword changes the password of a user. Sessions go on, as in Sugar.
func (s *Server) SetPassword(userName, password string) error {
	return s.Update(userName, func(u *User) { u.Password = password })
}

// Instance tells how the instance is set up.
func (s *Server) Instance() Instance {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.instance.clone()
}

// UpdateInstance changes how the instance is set up.
func (s *Server) UpdateInstance(change func(*Instance)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.state.instance)
}

// Sessions lists the live sessions: who, and on which platform.
func (s *Server) Sessions() []Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.live(s.now())
}

// EndSessions ends the sessions of a user, or everybody's if no user is named.
func (s *Server) EndSessions(userName string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	user := s.state.user(userName)
	if user == nil && userName != "" {
		return fmt.Errorf("%w: %q", ErrNoUser, userName)
	}
	s.state.end(func(open *session) bool { return user == nil || open.userID == user.ID })
	return nil
}
