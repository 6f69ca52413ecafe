// Package suitecrm is a stand-in for SuiteCRM. It serves the V8 API (JSON:API) with the password, client credentials
// and refresh token grants of its token endpoint, which it verifies, signed access tokens that can be revoked, and the
// parts that show who signed in, find users, read records and list modules. It fails in the ways that SuiteCRM does. It
// has no authorization code grant, no writing operations, no relationships, no sorting, and only the filter operators
// eq and neq.
//
// It follows the pages of SuiteCRM's developer guide on the API
// (https://docs.suitecrm.com/developer/api/developer-setup-guide/json-api/). Details that are missing there, such as
// errors, follow the sources of SuiteCRM 7.14 (Api/V8) and of its library league/oauth2-server 8.
package suitecrm

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Options configures a stand-in. The zero value is a plain HTTP server on a free port with the state of [NewSeed].
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
	seed Seed
	now  func() time.Time

	mu    sync.Mutex
	state *state
}

// Start starts a stand-in.
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
		Serve: s.serve, Check: check, Operation: sandbox.ByPath(operationOf),
		Restore: func() { s.state = newState(s.seed) }, Lock: &s.mu,
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

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

// SetPassword changes the password of a user. As in SuiteCRM, tokens stay valid.
func (s *Server) SetPassword(userName, password string) error {
	return s.Update(userName, func(u *User) { u.Password = password })
}

// Client returns the OAuth2 client, with its secret.
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

// RevokeTokens revokes all tokens of a user, or of all users for an empty name, as an administrator does.
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
