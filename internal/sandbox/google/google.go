// Package google is a stand-in for Google Workspace. It serves the OAuth token endpoint with assertions of a service
// account (domain-wide delegation) and refresh tokens, both verified, revocation, tokeninfo and userinfo; and the parts
// of the Gmail, Calendar, People, Directory and Tasks APIs (REST with JSON) that show which user a token acts for and
// what it may read. It also fails in the ways that Google does. It has no authorize page, no ID tokens, no writing
// operations and no IMAP, CalDAV or CardDAV.
//
// It has two sites, as Google has separate hosts: one for the APIs, which are distinguished by their paths, and one for
// the token endpoint. Formats and texts follow Google's pages:
// https://developers.google.com/identity/protocols/oauth2/service-account for tokens and their errors,
// https://developers.google.com/workspace/gmail/api/guides/handle-errors and
// https://developers.google.com/workspace/calendar/api/guides/errors for the errors of the APIs. Details that are
// missing there follow what the public clients GAM and google-auth-library handle.
package google

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// TokenSite is the name of the second site, with the token endpoint. The first has the APIs.
const TokenSite = "token"

// Audience is the audience of an assertion, whatever address it is sent to.
const Audience = "https://oauth2.googleapis.com/token"

// Options configures a stand-in. The zero value is a plain HTTP server on free ports with the state of [NewSeed].
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
	seed, err := sandbox.SeedOr(options.Seed, NewSeed)
	if err != nil {
		return nil, err
	}
	s := &Server{seed: seed, now: sandbox.Clock(options.Now)}
	if err := s.seed.check(); err != nil {
		return nil, err
	}
	s.Host, err = sandbox.Start(options.Options, sandbox.System{
		Serve: s.route, Check: check, Sites: []string{TokenSite},
		Operation: func(r *http.Request, _ []byte) string { return operationOf(r.URL.EscapedPath()) },
		Restore:   func() { s.state = newState(s.seed) }, Lock: &s.mu,
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// APIURL returns the base address of all APIs.
func (s *Server) APIURL() string { return s.URL() }

// TokenURL returns the address of the token endpoint.
func (s *Server) TokenURL() string { return s.URLOf(TokenSite) + tokenPath }

// ServiceAccount returns the service account, with its private key.
func (s *Server) ServiceAccount() ServiceAccount {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.serviceAccount.clone()
}

// UpdateServiceAccount changes the service account: its state, its key or its delegation.
func (s *Server) UpdateServiceAccount(change func(*ServiceAccount)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	changed := s.state.serviceAccount.clone()
	change(&changed)
	s.state.serviceAccount = changed
}

// RotateKey replaces the key of the service account, so that assertions signed with the previous key are rejected, and
// returns the new key file.
func (s *Server) RotateKey() (keyFile string, err error) {
	key, err := newKey()
	if err != nil {
		return "", err
	}
	s.UpdateServiceAccount(func(a *ServiceAccount) { a.KeyID, a.PrivateKey = newKeyID(), key })
	return s.KeyFile(), nil
}

// Client returns the OAuth client of the refresh tokens, with its secret.
func (s *Server) Client() Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.client
}

// UpdateClient changes the OAuth client.
func (s *Server) UpdateClient(change func(*Client)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.state.client)
}

// RefreshToken returns the administrator's refresh token at the start. [Server.Approve] returns further ones.
func (s *Server) RefreshToken() string { return s.seed.RefreshToken }

// Admin returns the first user: the administrator that the service account acts as.
func (s *Server) Admin() User { return s.Users()[0] }

// Users lists the users.
func (s *Server) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.state.users)
}

// Update changes a user, found by address or id.
func (s *Server) Update(key string, change func(*User)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return sandbox.Change(s.state.user(key), ErrNoUser, key, change)
}

// Approve returns a refresh token, as if the user had approved the OAuth client in a browser. Without scopes, those of
// [Scopes] are approved.
func (s *Server) Approve(key string, scopes ...string) (refreshToken string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user := s.state.user(key)
	if user == nil {
		return "", fmt.Errorf("%w: %q", ErrNoUser, key)
	}
	if len(scopes) == 0 {
		scopes = Scopes()
	}
	token := newRefreshToken()
	s.state.tokens.refresh[token] = approval{userID: user.ID, scopes: scopes}
	return token, nil
}

// RevokeTokens revokes the access and refresh tokens of a user, or of all users for an empty key.
func (s *Server) RevokeTokens(key string) error { return s.endTokens(key, true) }

// ExpireTokens makes the access tokens of a user expire, or those of all users for an empty key. Refresh tokens stay
// valid.
func (s *Server) ExpireTokens(key string) error { return s.endTokens(key, false) }

func (s *Server) endTokens(key string, refresh bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := ""
	if key != "" {
		user := s.state.user(key)
		if user == nil {
			return fmt.Errorf("%w: %q", ErrNoUser, key)
		}
		id = user.ID
	}
	s.state.tokens.remove(id, refresh)
	return nil
}
