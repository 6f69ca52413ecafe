// Package oraclecrmondemand is a stand-in for Oracle CRM On Demand as an integration sees it: the login of stateful web
// services with its session cookie, sessions that are few and end when they are idle, the services for the current user,
// users, contacts and activities, and the ways Oracle fails.
//
// Wire formats and words follow the Oracle Web Services On Demand Guide: the login,
// https://docs.oracle.com/cd/E71332_01/books/OnDemWebSvcs/OnDemWebSvcs_EstablishSessions10.html, the limits,
// https://docs.oracle.com/cd/E93683_01/books/OnDemWebSvcs/OnDemWebSvcs_Limiters2.html, and the faults,
// https://docs.oracle.com/cd/F28161_01/books/OnDemWebTrbl/overview-of-error-code-information.html. How a login is refused is
// documented nowhere: here it is the status 403 with a text, and faults bring about the other ways that clients know.
package oraclecrmondemand

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Path is where web services are served.
const Path = "/Services/Integration"

// Options configures a stand-in; the zero value is a plain HTTP server on a free port with what [NewSeed] says.
type Options struct {
	sandbox.Options
	// Seed is what there is at the start; nil means [NewSeed].
	Seed *Seed
	// LockAfter locks a user after so many refused logins in a row; 0 means never.
	LockAfter int
	// Now is the clock; nil means the real one.
	Now func() time.Time
}

// Server is a running stand-in. Its methods are safe for concurrent use.
type Server struct {
	*sandbox.Host
	seed      Seed
	lockAfter int
	now       func() time.Time

	mu    sync.Mutex
	state *state
}

// Start makes a stand-in and brings it up. Close ends it.
func Start(options Options) (*Server, error) {
	s := &Server{
		seed: *cmp.Or(options.Seed, new(NewSeed())), lockAfter: options.LockAfter, now: sandbox.Clock(options.Now),
	}
	if err := s.seed.check(); err != nil {
		return nil, err
	}
	var err error
	s.Host, err = sandbox.Start(options.Options, sandbox.System{
		Serve: s.answer, Check: check, Operation: operationOf, Restore: func() { s.state = newState(s.seed) }, Lock: &s.mu,
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// operationOf is the name of the operation: login, logoff, or that of a web service, such as ContactQueryPage.
func operationOf(r *http.Request, _ []byte) string {
	if command := r.URL.Query().Get("command"); command != "" {
		return command
	}
	action := strings.Trim(r.Header.Get("SOAPAction"), `"`)
	return action[strings.LastIndexByte(action, ':')+1:]
}

// Service is the first user: the service user, with its password.
func (s *Server) Service() User { return s.Users()[0] }

// Users lists the users, with their passwords.
func (s *Server) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.state.users)
}

// Update changes a user, found by the part of the sign-in ID behind the slash.
func (s *Server) Update(name string, change func(*User)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	user := sandbox.Find(s.state.users, func(u User) bool { return strings.EqualFold(u.Name, name) })
	return sandbox.Change(user, ErrNoUser, name, change)
}

// SetPassword changes the password of a user. Sessions go on.
func (s *Server) SetPassword(name, password string) error {
	return s.Update(name, func(u *User) { u.Password = password })
}

// UpdateCompany changes the limits of the company.
func (s *Server) UpdateCompany(change func(*Company)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.state.company)
}

// Sessions lists who has a live session, once for each.
func (s *Server) Sessions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.live(s.now())
}

// EndSessions ends all sessions, as those end that are idle for too long.
func (s *Server) EndSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.state.sessions)
}
