// Package sugarcrm is a stand-in for a Sugar instance. It serves the REST API (v10 and v11, JSON) with the password and
// refresh token grants of its token endpoint, sessions that end as in Sugar, acting as another user (sudo), and the
// parts that show who signed in, find users, read records and list modules. It fails in the ways that Sugar does. It
// has no SugarIdentity, no portal, no writing operations, and only equality filters.
//
// Formats and texts follow the Sugar Developer Guide, "REST API",
// https://support.sugarcrm.com/documentation/sugar_developer/sugar_developer_guide_14.0/integration/web_services/rest_api/
// with its pages on endpoints and errors. Details that are missing there follow Sugar 7's published sources.
package sugarcrm

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Path is the path of the instance: on premises, Sugar usually has a folder of its own.
const Path = "/sugar"

// Options configures a stand-in. The zero value is a plain HTTP server on a free port with the state of [NewSeed].
type Options struct {
	sandbox.Options
	// Seed is the state at the start; nil means [NewSeed].
	Seed *Seed
	// LockAfter locks a user after this number of rejected sign-ins in a row; 0 means never.
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

// Start starts a stand-in.
func Start(options Options) (*Server, error) {
	s := &Server{
		seed: *cmp.Or(options.Seed, new(NewSeed())), lockAfter: options.LockAfter, now: sandbox.Clock(options.Now),
	}
	if err := s.seed.check(); err != nil {
		return nil, err
	}
	var err error
	s.Host, err = sandbox.Start(options.Options, sandbox.System{
		Serve: s.serve, Check: check, Operation: sandbox.ByPath(operationOf),
		Restore: func() { s.state = newState(s.seed) }, Lock: &s.mu,
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// URL returns the address of the instance.
func (s *Server) URL() string { return s.Host.URL() + Path }

// Service returns the first user: the service user, with its password.
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

// SetPassword changes the password of a user. As in Sugar, sessions stay valid.
func (s *Server) SetPassword(userName, password string) error {
	return s.Update(userName, func(u *User) { u.Password = password })
}

// Instance returns the settings of the instance.
func (s *Server) Instance() Instance {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.instance.clone()
}

// UpdateInstance changes the settings of the instance.
func (s *Server) UpdateInstance(change func(*Instance)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.state.instance)
}

// Sessions lists the live sessions, with their users and platforms.
func (s *Server) Sessions() []Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.liveSessions(s.now())
}

// EndSessions ends the sessions of a user, or of all users for an empty name.
func (s *Server) EndSessions(userName string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	user := s.state.user(userName)
	if user == nil && userName != "" {
		return fmt.Errorf("%w: %q", ErrNoUser, userName)
	}
	s.state.endSessions(func(open *session) bool { return user == nil || open.userID == user.ID })
	return nil
}
