// Package oraclecrmondemand is a stand-in for Oracle CRM On Demand. It serves stateful SOAP web services: the login
// with its session cookie, sessions that are limited in number and end when they are idle, and queries for the current
// user, users, contacts and activities. It fails in the ways that Oracle does. It has no stateless requests
// (WS-Security), no Administrative Services and no writing operations.
//
// Formats and texts follow the Oracle Web Services On Demand Guide: the login,
// https://docs.oracle.com/cd/E71332_01/books/OnDemWebSvcs/OnDemWebSvcs_EstablishSessions10.html, the limits,
// https://docs.oracle.com/cd/E93683_01/books/OnDemWebSvcs/OnDemWebSvcs_Limiters2.html, and the faults,
// https://docs.oracle.com/cd/F28161_01/books/OnDemWebTrbl/overview-of-error-code-information.html. The response to a
// rejected login is not documented: here it has the status 403 and a text, and faults produce the other forms that
// clients know.
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

// Path is the path of the web services.
const Path = "/Services/Integration"

// Options configures a stand-in. The zero value is a plain HTTP server on a free port with the state of [NewSeed].
type Options struct {
	sandbox.Options
	// Seed is the state at the start; nil means [NewSeed].
	Seed *Seed
	// LockAfter locks a user after this number of rejected logins in a row; 0 means never.
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

// Start starts a stand-in.
func Start(options Options) (*Server, error) {
	s := &Server{
		seed: *cmp.Or(options.Seed, new(NewSeed())), lockAfter: options.LockAfter, now: sandbox.Clock(options.Now),
	}
	if err := s.seed.check(); err != nil {
		return nil, err
	}
	var err error
	s.Host, err = sandbox.Start(options.Options, sandbox.System{
		Serve: s.serve, Check: check, Operation: operationOf, Restore: func() { s.state = newState(s.seed) }, Lock: &s.mu,
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// operationOf returns the name of the operation: login, logoff, or that of a web service, such as ContactQueryPage.
func operationOf(r *http.Request, _ []byte) string {
	if command := r.URL.Query().Get("command"); command != "" {
		return command
	}
	action := strings.Trim(r.Header.Get("SOAPAction"), `"`)
	return action[strings.LastIndexByte(action, ':')+1:]
}

// Service returns the first user: the service user, with its password.
func (s *Server) Service() User { return s.Users()[0] }

// Users lists the users, with their passwords.
func (s *Server) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.state.users)
}

// Update changes a user, found by the part of the sign-in ID after the slash.
func (s *Server) Update(name string, change func(*User)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	user := sandbox.Find(s.state.users, func(u User) bool { return strings.EqualFold(u.Name, name) })
	return sandbox.Change(user, ErrNoUser, name, change)
}

// SetPassword changes the password of a user. Sessions stay valid.
func (s *Server) SetPassword(name, password string) error {
	return s.Update(name, func(u *User) { u.Password = password })
}

// UpdateCompany changes the limits of the company.
func (s *Server) UpdateCompany(change func(*Company)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.state.company)
}

// Sessions lists the users of the live sessions, one entry for each session.
func (s *Server) Sessions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.liveSessions(s.now())
}

// EndSessions ends all sessions, as if they had been idle for too long.
func (s *Server) EndSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.state.sessions)
}
