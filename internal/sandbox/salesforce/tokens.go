package salesforce

import (
	"maps"
	"slices"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

const (
	// maxApprovals is the number of refresh tokens that a user may have for one app. One more revokes the oldest
	// (Salesforce help, "Manage OAuth access policies").
	maxApprovals = 5
	// codeLifetime is how long an authorization code is valid (Salesforce help, "OAuth 2.0 web server flow").
	codeLifetime = 15 * time.Minute
)

// tokens are the issued tokens. Access tokens are opaque, like Salesforce's.
type tokens struct {
	sessions  map[string]*session
	approvals []*approval // the oldest first
}

// session is the session of an access token.
type session struct {
	token    string
	userID   string
	scopes   []string
	lastUsed time.Time
	approval *approval // nil for a grant without refresh tokens
}

// approval is a user's consent to the app, with the refresh token that represents it.
type approval struct {
	refreshToken string
	userID       string
	scopes       []string
}

func newTokens() tokens {
	return tokens{sessions: map[string]*session{}}
}

// newSession starts a session.
func (t *tokens) newSession(user User, scopes []string, from *approval, now time.Time) *session {
	opened := &session{
		token:  shortID(user.OrganizationID) + "!AQ" + sandbox.Random(3),
		userID: user.ID, scopes: scopes, lastUsed: now, approval: from,
	}
	t.sessions[opened.token] = opened
	return opened
}

// addApproval stores a user's consent. A user with too many approvals loses the oldest.
func (t *tokens) addApproval(user User, scopes []string) *approval {
	added := &approval{refreshToken: newRefreshToken(), userID: user.ID, scopes: scopes}
	t.approvals = append(t.approvals, added)
	var own []*approval
	for _, a := range t.approvals {
		if a.userID == user.ID {
			own = append(own, a)
		}
	}
	if len(own) > maxApprovals {
		t.revoke(func(a *approval) bool { return a == own[0] })
	}
	return added
}

func (t *tokens) findApproval(refreshToken string) *approval {
	for _, a := range t.approvals {
		if a.refreshToken == refreshToken {
			return a
		}
	}
	return nil
}

func (t *tokens) hasApproval(user User) bool {
	return slices.ContainsFunc(t.approvals, func(a *approval) bool { return a.userID == user.ID })
}

// revoke removes approvals and their sessions.
func (t *tokens) revoke(matches func(*approval) bool) {
	for token, s := range t.sessions {
		if s.approval != nil && matches(s.approval) {
			delete(t.sessions, token)
		}
	}
	t.approvals = slices.DeleteFunc(t.approvals, matches)
}

func newRefreshToken() string { return "5Aep861" + sandbox.Random(3) }

// shortID returns the 15-character form of an id.
func shortID(id string) string { return id[:min(15, len(id))] }

// Approve returns a refresh token, as if the user had approved the app in a browser.
func (s *Server) Approve(username string) (refreshToken string, err error) {
	err = s.Update(username, func(user *User) {
		refreshToken = s.state.tokens.addApproval(*user, slices.Clone(s.state.app.Scopes)).refreshToken
	})
	return refreshToken, err
}

// RevokeTokens revokes the sessions and refresh tokens of a user, or of all users for an empty name.
func (s *Server) RevokeTokens(username string) error {
	return s.ForUser(username, func(user *User) {
		s.state.tokens.revoke(func(a *approval) bool { return user == nil || a.userID == user.ID })
		s.state.tokens.expire(user)
	})
}

// ExpireSessions makes the access tokens of a user expire, or those of all users for an empty name. Refresh tokens stay
// valid.
func (s *Server) ExpireSessions(username string) error {
	return s.ForUser(username, s.state.tokens.expire)
}

// expire ends the sessions of a user, or all sessions for nil.
func (t *tokens) expire(user *User) {
	maps.DeleteFunc(t.sessions, func(_ string, s *session) bool { return user == nil || s.userID == user.ID })
}

// findSession returns the valid session of an access token, and its user.
func (s *Server) findSession(token string) (*session, *User) {
	found := s.state.tokens.sessions[token]
	if found == nil || s.Now().Sub(found.lastUsed) >= s.sessionLength {
		return nil, nil
	}
	user := s.userByID(found.userID)
	if user == nil || !user.Active || !s.organizationOf(*user).Active {
		return nil, nil
	}
	found.lastUsed = s.Now()
	return found, user
}

func (s *Server) organizationOf(user User) *Organization {
	return s.state.organization(user.OrganizationID)
}
