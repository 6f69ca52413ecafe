package salesforce

import (
	"fmt"
	"slices"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

const (
	// maxApprovals is how many refresh tokens a user may have for one app: one more revokes the oldest
	// (Salesforce help, "Manage OAuth access policies").
	maxApprovals = 5
	// codeLifetime is how long an authorization code is good (Salesforce help, "OAuth 2.0 web server flow").
	codeLifetime = 15 * time.Minute
)

// tokens are what the stand-in has given out. The access tokens are opaque, as Salesforce's.
type tokens struct {
	sessions  map[string]*session
	approvals []*approval // oldest first
	codes     map[string]*code
	browsers  map[string]string // cookies of people's browsers → user ids
}

// session is what an access token stands for.
type session struct {
	token    string
	userID   string
	scopes   []string
	used     time.Time // last
	approval *approval // nil: from a grant without refresh tokens
}

// approval is a user's consent to the app and the refresh token that stands for it.
type approval struct {
	refreshToken string
	userID       string
	scopes       []string
}

// code is an authorization code.
type code struct {
	userID      string
	scopes      []string
	redirectURI string
	challenge   string // PKCE's, S256; empty: none
	issued      time.Time
	used        bool
}

func newTokens() tokens {
	return tokens{sessions: map[string]*session{}, codes: map[string]*code{}, browsers: map[string]string{}}
}

// open starts a session.
func (t *tokens) open(user User, scopes []string, from *approval, now time.Time) *session {
	opened := &session{
		token:  shortID(user.OrganizationID) + "!AQ" + sandbox.Random(3),
		userID: user.ID, scopes: scopes, used: now, approval: from,
	}
	t.sessions[opened.token] = opened
	return opened
}

// approve keeps a user's consent; a user who has too many loses the oldest.
func (t *tokens) approve(user User, scopes []string) *approval {
	given := &approval{refreshToken: newRefreshToken(), userID: user.ID, scopes: scopes}
	t.approvals = append(t.approvals, given)
	var own []*approval
	for _, a := range t.approvals {
		if a.userID == user.ID {
			own = append(own, a)
		}
	}
	if len(own) > maxApprovals {
		t.revoke(func(a *approval) bool { return a == own[0] })
	}
	return given
}

func (t *tokens) approval(refreshToken string) *approval {
	for _, a := range t.approvals {
		if a.refreshToken == refreshToken {
			return a
		}
	}
	return nil
}

func (t *tokens) approved(user User) bool {
	return slices.ContainsFunc(t.approvals, func(a *approval) bool { return a.userID == user.ID })
}

// revoke ends approvals and the sessions that came from them.
func (t *tokens) revoke(which func(*approval) bool) {
	for token, s := range t.sessions {
		if s.approval != nil && which(s.approval) {
			delete(t.sessions, token)
		}
	}
	t.approvals = slices.DeleteFunc(t.approvals, which)
}

func newRefreshToken() string { return "5Aep861" + sandbox.Random(3) }

// shortID is the 15-character form of an id.
func shortID(id string) string { return id[:min(15, len(id))] }

// Approve does what a person does who lets the app in with a browser, and returns the refresh token.
func (s *Server) Approve(username string) (refreshToken string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user := s.state.user(username)
	if user == nil {
		return "", fmt.Errorf("%w: %q", ErrNoUser, username)
	}
	return s.state.tokens.approve(*user, slices.Clone(s.state.app.Scopes)).refreshToken, nil
}

// RevokeTokens ends the sessions and refresh tokens of a user, or of everybody if no user is named.
func (s *Server) RevokeTokens(username string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, err := s.idOf(username)
	if err != nil {
		return err
	}
	s.state.tokens.revoke(func(a *approval) bool { return id == "" || a.userID == id })
	s.state.tokens.expire(id)
	return nil
}

// ExpireSessions ends the access tokens of a user, or of everybody if no user is named; refresh tokens stay good.
func (s *Server) ExpireSessions(username string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, err := s.idOf(username)
	if err != nil {
		return err
	}
	s.state.tokens.expire(id)
	return nil
}

func (t *tokens) expire(userID string) {
	for token, s := range t.sessions {
		if userID == "" || s.userID == userID {
			delete(t.sessions, token)
		}
	}
}

// idOf is the id of a user; empty for everybody.
func (s *Server) idOf(username string) (string, error) {
	if username == "" {
		return "", nil
	}
	user := s.state.user(username)
	if user == nil {
		return "", fmt.Errorf("%w: %q", ErrNoUser, username)
	}
	return user.ID, nil
}

// session finds the live session and the user that an access token stands for.
func (s *Server) session(token string) (*session, *User) {
	found := s.state.tokens.sessions[token]
	if found == nil || s.now().Sub(found.used) >= s.sessionLength {
		return nil, nil
	}
	user := s.state.userByID(found.userID)
	if user == nil || !user.Active || !s.organizationOf(*user).Active {
		return nil, nil
	}
	found.used = s.now()
	return found, user
}

func (s *Server) organizationOf(user User) *Organization {
	return s.state.organization(user.OrganizationID)
}
