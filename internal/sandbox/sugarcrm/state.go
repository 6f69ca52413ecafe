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
	// accessLifetime and refreshLifetime are Sugar's own.
	accessLifetime  = time.Hour
	refreshLifetime = 14 * 24 * time.Hour
)

// ErrNoUser is a user that the stand-in does not have.
var ErrNoUser = fmt.Errorf("%w user", sandbox.ErrNotFound)

// Session tells of a live session.
type Session struct {
	UserName string `json:"user_name"`
	Platform string `json:"platform"`
	// For is the administrator who acts as the user; empty if the user signed in.
	For string `json:"for,omitempty"`
}

// session is what an access token stands for: in Sugar, the token is the session's id.
type session struct {
	token    string
	userID   string
	platform string
	expires  time.Time
	sudoFor  string // user name of the administrator; empty if the user signed in
	refresh  string // the token to go on with; empty for one who acts
	until    time.Time
}

// state is what changes while a stand-in runs.
type state struct {
	instance Instance
	users    []User
	sessions map[string]*session
	refused  map[string]int // sign-ins in a row, by id
	// changes counts the changes of module definitions.
	changes map[string]int
}

func newState(seed Seed) *state {
	return &state{
		instance: seed.Instance.clone(), users: slices.Clone(seed.Users),
		sessions: map[string]*session{}, refused: map[string]int{}, changes: map[string]int{},
	}
}

// user finds a user by name; letter case does not matter, as in Sugar's databases.
func (s *state) user(userName string) *User {
	return s.find(func(u User) bool { return strings.EqualFold(u.UserName, userName) })
}

func (s *state) userByID(id string) *User {
	return s.find(func(u User) bool { return u.ID == id })
}

func (s *state) find(fits func(User) bool) *User {
	return sandbox.Find(s.users, fits)
}

// open starts a session. A user has one session on a platform: the others there end, whoever signed in to them, which is
// why acting as a user on the platform of browsers throws the user out.
func (s *state) open(user User, platform, sudoFor string, now time.Time) *session {
	s.end(func(other *session) bool { return other.userID == user.ID && other.platform == platform })
	opened := &session{
		token: newID(), userID: user.ID, platform: platform, expires: now.Add(accessLifetime), sudoFor: sudoFor,
	}
	if sudoFor == "" {
		opened.refresh, opened.until = newID(), now.Add(refreshLifetime)
	}
	s.sessions[opened.token] = opened
	return opened
}

func (s *state) end(which func(*session) bool) {
	maps.DeleteFunc(s.sessions, func(_ string, open *session) bool { return which(open) })
}

// session finds the live session and the user that an access token stands for.
func (s *state) session(token string, now time.Time) (*session, *User) {
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

// refreshable finds the session that a refresh token goes on with.
func (s *state) refreshable(token string, now time.Time) *session {
	for _, open := range s.sessions {
		if open.refresh != "" && open.refresh == token && now.Before(open.until) {
			return open
		}
	}
	return nil
}

// live lists the sessions in the order of user names and platforms.
func (s *state) live(now time.Time) []Session {
	list := []Session{}
	for token := range s.sessions {
		if open, user := s.session(token, now); open != nil {
			list = append(list, Session{UserName: user.UserName, Platform: open.platform, For: open.sudoFor})
		}
	}
	slices.SortFunc(list, func(a, b Session) int {
		return cmp.Or(cmp.Compare(a.UserName, b.UserName), cmp.Compare(a.Platform, b.Platform))
	})
	return list
}
