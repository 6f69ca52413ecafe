package sugarcrm

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
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

// state is the state that changes.
type state struct {
	instance   Instance
	users      []User
	sessions   map[string]*session
	rejections map[string]int // in a row, by user id
	// changes counts the changes of module definitions.
	changes map[string]int
}

func newState(seed Seed) *state {
	return &state{
		instance: seed.Instance.clone(), users: slices.Clone(seed.Users),
		sessions: map[string]*session{}, rejections: map[string]int{}, changes: map[string]int{},
	}
}

// user finds a user by name. Letter case is ignored, as in Sugar's databases.
func (s *state) user(userName string) *User {
	return s.findUser(func(u User) bool { return strings.EqualFold(u.UserName, userName) })
}

func (s *state) userByID(id string) *User {
	return s.findUser(func(u User) bool { return u.ID == id })
}

func (s *state) findUser(matches func(User) bool) *User {
	return sandbox.Find(s.users, matches)
}

// openSession starts a session. A user has one session per platform: it ends the other one, no matter who started it.
// So an administrator who acts as a user on the platform of browsers signs the user out.
func (s *state) openSession(user User, platform, sudoFor string, now time.Time) *session {
	s.endSessions(func(other *session) bool { return other.userID == user.ID && other.platform == platform })
	opened := &session{
		token: newID(), userID: user.ID, platform: platform, expires: now.Add(accessLifetime), sudoFor: sudoFor,
	}
	if sudoFor == "" {
		opened.refresh, opened.refreshExpires = newID(), now.Add(refreshLifetime)
	}
	s.sessions[opened.token] = opened
	return opened
}

func (s *state) endSessions(matches func(*session) bool) {
	maps.DeleteFunc(s.sessions, func(_ string, open *session) bool { return matches(open) })
}

// findSession returns the live session of an access token, and its user.
func (s *state) findSession(token string, now time.Time) (*session, *User) {
	found := s.sessions[token]
	if found == nil || !now.Before(found.expires) {
		return nil, nil
	}
	user := s.userByID(found.userID)
	if user == nil || !user.Active {
		return nil, nil
	}
	return found, user
}

// refreshableSession returns the session of a refresh token.
func (s *state) refreshableSession(token string, now time.Time) *session {
	for _, open := range s.sessions {
		if open.refresh != "" && open.refresh == token && now.Before(open.refreshExpires) {
			return open
		}
	}
	return nil
}

// liveSessions lists the sessions, ordered by user name and platform.
func (s *state) liveSessions(now time.Time) []Session {
	list := []Session{}
	for token := range s.sessions {
		if open, user := s.findSession(token, now); open != nil {
			list = append(list, Session{UserName: user.UserName, Platform: open.platform, For: open.sudoFor})
		}
	}
	slices.SortFunc(list, func(a, b Session) int {
		return cmp.Or(cmp.Compare(a.UserName, b.UserName), cmp.Compare(a.Platform, b.Platform))
	})
	return list
}
