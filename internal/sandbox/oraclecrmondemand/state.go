package oraclecrmondemand

import (
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// state is the state that changes.
type state struct {
	users      []User
	company    Company
	sessions   map[string]*session
	rejections map[string]int // in a row, by sign-in ID
}

// session is the session of a session cookie.
type session struct {
	signInID string
	lastUsed time.Time
}

func newState(seed Seed) *state {
	return &state{
		users: slices.Clone(seed.Users), company: seed.Company, sessions: map[string]*session{}, rejections: map[string]int{},
	}
}

// user finds a user by sign-in ID. Letter case is ignored.
func (s *state) user(signInID string) *User {
	return sandbox.Find(s.users, func(u User) bool { return strings.EqualFold(u.SignInID(), signInID) })
}

// openSession starts a session; ok is false if the limit is reached.
func (s *state) openSession(user User, now time.Time) (id string, ok bool) {
	if len(s.liveSessions(now)) >= s.company.SessionLimit {
		return "", false
	}
	id = rand.Text() + rand.Text() + "!" + rand.Text()
	s.sessions[id] = &session{signInID: user.SignInID(), lastUsed: now}
	return id, true
}

// findSession returns the user of a live session, and extends the session.
func (s *state) findSession(id string, now time.Time) *User {
	found := s.sessions[id]
	if found == nil || now.Sub(found.lastUsed) > s.company.Idle {
		delete(s.sessions, id)
		return nil
	}
	found.lastUsed = now
	user := s.user(found.signInID)
	if user == nil || !user.Active {
		return nil
	}
	return user
}

// liveSessions lists the users of the live sessions.
func (s *state) liveSessions(now time.Time) []string {
	list := []string{}
	for _, open := range s.sessions {
		if now.Sub(open.lastUsed) <= s.company.Idle {
			list = append(list, open.signInID)
		}
	}
	slices.Sort(list)
	return list
}
