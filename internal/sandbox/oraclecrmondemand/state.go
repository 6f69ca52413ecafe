package oraclecrmondemand

import (
	"crypto/rand"
	"slices"
	"strings"
	"time"
)

// state is the state that changes, apart from the users.
type state struct {
	company  Company
	sessions map[string]*session
}

// session is the session of a session cookie.
type session struct {
	signInID string
	lastUsed time.Time
}

// user finds a user by sign-in ID. Letter case is ignored.
func (s *Server) user(signInID string) *User {
	return s.FindFunc(func(u User) bool { return strings.EqualFold(u.SignInID(), signInID) })
}

// openSession starts a session; ok is false if the limit is reached.
func (s *Server) openSession(user User) (id string, ok bool) {
	if len(s.liveSessions()) >= s.state.company.SessionLimit {
		return "", false
	}
	id = rand.Text() + rand.Text() + "!" + rand.Text()
	s.state.sessions[id] = &session{signInID: user.SignInID(), lastUsed: s.Now()}
	return id, true
}

// findSession returns the user of a live session, and extends the session.
func (s *Server) findSession(id string) *User {
	found := s.state.sessions[id]
	if found == nil || s.Now().Sub(found.lastUsed) > s.state.company.Idle {
		delete(s.state.sessions, id)
		return nil
	}
	found.lastUsed = s.Now()
	user := s.user(found.signInID)
	if user == nil || !user.Active {
		return nil
	}
	return user
}

// liveSessions lists the users of the live sessions.
func (s *Server) liveSessions() []string {
	list := []string{}
	for _, open := range s.state.sessions {
		if s.Now().Sub(open.lastUsed) <= s.state.company.Idle {
			list = append(list, open.signInID)
		}
	}
	slices.Sort(list)
	return list
}
