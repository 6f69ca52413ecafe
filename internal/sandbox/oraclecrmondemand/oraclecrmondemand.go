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
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Path is the path of the web services.
const Path = "/Services/Integration"

// Options configures a stand-in. The default seed is that of [NewSeed].
type Options = sandbox.TwinOptions[Seed]

// Server is a running stand-in. Its methods are safe for concurrent use.
type Server struct {
	sandbox.Twin[User]
	state state
}

// Start starts a stand-in.
func Start(options Options) (*Server, error) {
	seed := *cmp.Or(options.Seed, new(NewSeed()))
	s := &Server{}
	err := sandbox.StartTwin(&s.Twin, options, sandbox.Accounts[User]{
		Seed: seed.Users, Missing: ErrNoUser, Password: func(u *User) *string { return &u.Password }, Check: User.check,
		// The name is the part of the sign-in ID after the slash.
		Is: func(u User, name string) bool { return strings.EqualFold(u.Name, name) },
	}, sandbox.System{
		Serve: s.serve, Kinds: kinds, Operation: operationOf,
		Restore: func() { s.state = state{company: seed.Company, sessions: map[string]*session{}} },
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

// UpdateCompany changes the limits of the company.
func (s *Server) UpdateCompany(change func(*Company)) { sandbox.Write(s, &s.state.company, change) }

// Sessions lists the users of the live sessions, one entry for each session.
func (s *Server) Sessions() []string {
	s.Lock()
	defer s.Unlock()
	return s.liveSessions()
}

// EndSessions ends all sessions, as if they had been idle for too long.
func (s *Server) EndSessions() {
	s.Lock()
	defer s.Unlock()
	clear(s.state.sessions)
}
