// Package suitecrm is a stand-in for SuiteCRM as an integration sees it: the token endpoint with its grants really
// verified, access tokens that are signed and can be revoked, and enough of the V8 API (JSON:API) to prove who signed in, to
// find users, to read records and to see which modules there are — and the ways SuiteCRM fails.
//
// It follows the pages of SuiteCRM's developer guide on the API
// (https://docs.suitecrm.com/developer/api/developer-setup-guide/json-api/) and, where these say nothing, as of refusals, the
// sources of SuiteCRM 7.14 (Api/V8) and of league/oauth2-server 8, which it signs in with.
package suitecrm

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Options configures a stand-in; the zero value is a plain HTTP server on a free port with what [NewSeed] says.
type Options struct {
	sandbox.Options
	// Seed is what there is at the start; nil means [NewSeed].
	Seed *Seed
	// Now is the clock; nil means the real one.
	Now func() time.Time
}

// Server is a running stand-in. Its methods are safe for concurrent use.
type Server struct {
	*sandbox.Host
	seed Seed
	now  func() time.Time

	mu    sync.Mutex
	state *state
}

// Start makes a stand-in and brings it up. Close ends it.
func Start(options Options) (*Server, error) {
	s := &Server{seed: *cmp.Or(options.Seed, new(NewSeed())), now: sandbox.Clock(options.Now)}
	if err := s.seed.check(); err != nil {
		return nil, err
	}
	if _, err := signingKey(); err != nil {
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

// SetPassword changes the password of a user. Tokens go on, as in SuiteCRM.
func (s *Server) SetPassword(userName, password string) error {
	return s.Update(userName, func(u *User) { u.Password = password })
}

// Client is the OAuth2 client, with its secret.
func (s *Server) Client() Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.client
}

// UpdateClient changes the OAuth2 client.
func (s *Server) UpdateClient(change func(*Client)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.state.client)
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

// RevokeTokens does what an administrator does with all tokens of a user, or of everybody if no user is named.
func (s *Server) RevokeTokens(userName string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	user := s.state.user(userName)
	if user == nil && userName != "" {
		return fmt.Errorf("%w: %q", ErrNoUser, userName)
	}
	for _, issued := range s.state.tokens {
		issued.revoked = issued.revoked || user == nil || issued.userID == user.ID
	}
	return nil
}
