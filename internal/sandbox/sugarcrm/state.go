package sugarcrm

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

const (
	// accessLifetime and refreshLifetime are Sugar's defaults.
	accessLifetime  = time.Hour
	refreshLifetime = 14 * 24 * time.Hour
)

// ErrNoUser is the error for a user that does not exist.
var ErrNoUser = fmt.Errorf("%w user", sandbox.ErrNotFound)

// Session describes a live session.
type Session struct {
	UserName string `json:"user_name"`
	Platform string `json:"platform"`
	// For is the administrator who acts as the user; empty if the user signed in.
	For string `json:"for,omitempty"`
}

// session is the session of an access token. In Sugar, the token is the session's id.
type session struct {
	token          string
	userID         string
	platform       string
	expires        time.Time
	sudoFor        string // user name of the administrator; empty if the user signed in
	refresh        string // the refresh token; empty for a session of an administrator who acts as the user
	refreshExpires time.Time
}

// state is the state that changes, apart from the users.
type state struct {
	instance Instance
	sessions map[string]*session
	// changes counts the changes of module definitions.
	changes map[string]int
}

func newState(seed Seed) state {
	return state{instance: seed.Instance.clone(), sessions: map[string]*session{}, changes: map[string]int{}}
}

func (s *Server) userByID(id string) *User {
	return s.FindFunc(func(u User) bool { return u.ID == id })
}

// openSession starts a session. A user has one session per platform: it ends the other one, no matter who started it.
// So an administrator who acts as a user on the platform of browsers signs the user out.
func (s *Server) openSession(user User, platform, sudoFor string) *session {
	s.endSessions(func(other *session) bool { return other.userID == user.ID && other.platform == platform })
	opened := &session{
		token: newID(), userID: user.ID, platform: platform, expires: s.Now().Add(accessLifetime), sudoFor: sudoFor,
	}
	if sudoFor == "" {
		opened.refresh, opened.refreshExpires = newID(), s.Now().Add(refreshLifetime)
	}
	s.state.sessions[opened.token] = opened
	return opened
}

func (s *Server) endSessions(matches func(*session) bool) {
	maps.DeleteFunc(s.state.sessions, func(_ string, open *session) bool { return matches(open) })
}

// findSession returns the live session of an access token, and its user.
func (s *Server) findSession(token string) (*session, *User) {
	found := s.state.sessions[token]
	if found == nil || !s.Now().Before(found.expires) {
		return nil, nil
	}
	user := s.userByID(found.userID)
	if user == nil || !user.Active {
		return nil, nil
	}
	return found, user
}

// refreshableSession returns the session of a refresh token.
func (s *Server) refreshableSession(token string) *session {
	for _, open := range s.state.sessions {
		if open.refresh != "" && open.refresh == token && s.Now().Before(open.refreshExpires) {
			return open
		}
	}
	return nil
}

// liveSessions lists the sessions, ordered by user name and platform.
func (s *Server) liveSessions() []Session {
	list := []Session{}
	for token := range s.state.sessions {
		if open, user := s.findSession(token); open != nil {
			list = append(list, Session{UserName: user.UserName, Platform: open.platform, For: open.sudoFor})
		}
	}
	slices.SortFunc(list, func(a, b Session) int {
		return cmp.Or(cmp.Compare(a.UserName, b.UserName), cmp.Compare(a.Platform, b.Platform))
	})
	return list
}
