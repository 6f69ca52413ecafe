// Package google is a stand-in for Google Workspace. It serves the OAuth token endpoint with assertions of a service
// account (domain-wide delegation), refresh tokens and authorization codes, all verified; the pages for a person who signs in
// and approves single scopes; ID tokens, tokeninfo and userinfo; and the parts of the Gmail, Calendar, People and Directory
// APIs (REST with JSON) that show which user a token acts for and what it may read. It also fails in the ways that Google
// does. It lacks second factors, writing operations, IMAP, CalDAV and CardDAV.
//
// It has two sites, as Google has separate hosts: one for the APIs, which are distinguished by their paths, and one for
// the token endpoint and the pages. Formats and texts follow Google's pages:
// https://developers.google.com/identity/protocols/oauth2/service-account for tokens and their errors,
// https://developers.google.com/workspace/gmail/api/guides/handle-errors and
// https://developers.google.com/workspace/calendar/api/guides/errors for the errors of the APIs. Details that are
// missing there follow what the public clients GAM and google-auth-library handle.
package google

import (
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oauthpages"
)

// TokenSite is the name of the second site, with the token endpoint. The first has the APIs.
const TokenSite = "token"

// Audience is the audience of an assertion, whatever address it is sent to.
const Audience = "https://oauth2.googleapis.com/token"

// Options configures a stand-in. The default seed is that of [NewSeed].
type Options = sandbox.TwinOptions[Seed]

// Server is a running stand-in. Its methods are safe for concurrent use. Its users are found by address or id.
type Server struct {
	sandbox.Twin[User]
	refreshToken string // of the administrator, at the start
	pages        *oauthpages.Pages
	state        state
}

// Start starts a stand-in.
func Start(options Options) (*Server, error) {
	seed, err := sandbox.SeedOr(options.Seed, NewSeed)
	if err != nil {
		return nil, err
	}
	if _, err := seed.ServiceAccount.publicKey(); err != nil {
		return nil, err
	}
	s := &Server{refreshToken: seed.RefreshToken}
	s.pages = oauthpages.New(authorizeVendor{s}, options.Now)
	err = sandbox.StartTwin(&s.Twin, options, sandbox.Accounts[User]{
		Seed: seed.Users, Missing: ErrNoUser, Is: User.hasKey, Password: func(u *User) *string { return &u.Password },
	}, sandbox.System{
		Serve: s.route, Kinds: kinds, Sites: []string{TokenSite},
		Operation: func(r *http.Request, _ []byte) string { return operationOf(r.URL.EscapedPath()) },
		Restore: func() {
			s.state = newState(seed)
			s.pages.Reset()
		},
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

// AuthorizeURL returns the address of the pages for a person.
func (s *Server) AuthorizeURL() string { return s.URLOf(TokenSite) + authorizePath }

// ServiceAccount returns the service account, with its private key.
func (s *Server) ServiceAccount() ServiceAccount {
	return sandbox.Read(s, &s.state.serviceAccount).clone()
}

// UpdateServiceAccount changes the service account: its state, its key or its delegation.
func (s *Server) UpdateServiceAccount(change func(*ServiceAccount)) {
	sandbox.Write(s, &s.state.serviceAccount, change)
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
func (s *Server) Client() Client { return sandbox.Read(s, &s.state.client).clone() }

// UpdateClient changes the OAuth client.
func (s *Server) UpdateClient(change func(*Client)) { sandbox.Write(s, &s.state.client, change) }

// RefreshToken returns the administrator's refresh token at the start. [Server.Approve] returns further ones.
func (s *Server) RefreshToken() string { return s.refreshToken }

// Admin returns the first user: the administrator that the service account acts as.
func (s *Server) Admin() User { return s.Service() }

// Approve returns a refresh token, as if the user had approved the OAuth client in a browser. Without scopes, those of
// [Scopes] are approved.
func (s *Server) Approve(key string, scopes ...string) (refreshToken string, err error) {
	if len(scopes) == 0 {
		scopes = Scopes()
	}
	token := newRefreshToken()
	return token, s.Update(key, func(user *User) {
		s.state.tokens.refresh[token] = approval{userID: user.ID, scopes: scopes}
	})
}

// RevokeTokens revokes the access and refresh tokens of a user, or of all users for an empty key.
func (s *Server) RevokeTokens(key string) error { return s.endTokens(key, true) }

// ExpireTokens makes the access tokens of a user expire, or those of all users for an empty key. Refresh tokens stay
// valid.
func (s *Server) ExpireTokens(key string) error { return s.endTokens(key, false) }

func (s *Server) endTokens(key string, refresh bool) error {
	return s.ForUser(key, func(user *User) { s.state.tokens.remove(user, refresh) })
}
