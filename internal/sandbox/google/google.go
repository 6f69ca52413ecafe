// Package google is a stand-in for Google Workspace as an integration sees it: the token endpoint with assertions of a
// service account that are really verified and with refresh tokens, revocation, tokeninfo and userinfo; and enough of the
// Gmail, Calendar, People, Directory and Tasks APIs to prove who a token acts for and what it may read — and the ways
// Google fails.
//
// It has two sites, as Google has hosts: the APIs, told apart by their paths, and the token endpoint. Wire formats and
// words follow Google's pages: https://developers.google.com/identity/protocols/oauth2/service-account for tokens and their
// errors, https://developers.google.com/workspace/gmail/api/guides/handle-errors and
// https://developers.google.com/workspace/calendar/api/guides/errors for the APIs'. What those leave open follows what the
// public clients GAM and google-auth-library are known to meet.
package google

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// TokenSite is the name of the stand-in's second site, with the token endpoint; the first has the APIs.
const TokenSite = "token"

// Audience is what an assertion names as its audience, wherever it is sent.
const Audience = "https://oauth2.googleapis.com/token"

// Options configures a stand-in; the zero value is a plain HTTP server on free ports with what [NewSeed] gives.
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
	seed, err := sandbox.SeedOr(options.Seed, NewSeed)
	if err != nil {
		return nil, err
	}
	s := &Server{seed: seed, now: sandbox.Clock(options.Now)}
	if err := s.seed.check(); err != nil {
		return nil, err
	}
	s.Host, err = sandbox.Start(options.Options, sandbox.System{
		Serve: s.answer, Check: check, Sites: []string{TokenSite},
		Operation: func(r *http.Request, _ []byte) string { return operationOf(r.URL.EscapedPath()) },
		Restore:   func() { s.state = newState(s.seed) }, Lock: &s.mu,
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// APIURL is the address below which all APIs are.
func (s *Server) APIURL() string { return s.URL() }

// TokenURL is the address of the token endpoint.
func (s *Server) TokenURL() string { return s.URLOf(TokenSite) + tokenPath }

// ServiceAccount is the service account, with its private key.
func (s *Server) ServiceAccount() ServiceAccount {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.serviceAccount.clone()
}

// UpdateServiceAccount changes the service account: disables it or its key, or changes what is delegated to it.
func (s *Server) UpdateServiceAccount(change func(*ServiceAccount)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	changed := s.state.serviceAccount.clone()
	change(&changed)
	s.state.serviceAccount = changed
}

// RotateKey gives the service account another key, so that assertions signed with the one before are refused, and returns
// the new key file.
func (s *Server) RotateKey() (keyFile string, err error) {
	key, err := newKey()
	if err != nil {
		return "", err
	}
	s.UpdateServiceAccount(func(a *ServiceAccount) { a.KeyID, a.PrivateKey = newKeyID(), key })
	return s.KeyFile(), nil
}

// Client is the OAuth client that refresh tokens are for, with its secret.
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

// RefreshToken is the administrator's refresh token at the start; [Server.Approve] gives more.
func (s *Server) RefreshToken() string { return s.seed.RefreshToken }

// Admin is the first user: the administrator as whom the service account acts.
func (s *Server) Admin() User { return s.Users()[0] }

// Users lists the users.
func (s *Server) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.state.users)
}

// Update changes a user, found by an address or id.
func (s *Server) Update(key string, change func(*User)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return sandbox.Change(s.state.user(key), ErrNoUser, key, change)
}

// Approve does what a person does who lets the OAuth client in with a browser, and returns the refresh token. Without
// scopes, those of [Scopes] are approved.
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

// RevokeTokens ends the access and refresh tokens of a user, or of everybody if no user is named.
func (s *Server) RevokeTokens(key string) error { return s.end(key, true) }

// ExpireTokens ends the access tokens of a user, or of everybody if no user is named; refresh tokens stay good.
func (s *Server) ExpireTokens(key string) error { return s.end(key, false) }

func (s *Server) end(key string, refresh bool) error {
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
	s.state.tokens.end(id, refresh)
	return nil
}
