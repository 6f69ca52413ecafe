// Package sapc4c is a stand-in for a tenant of SAP Cloud for Customer as an integration sees it: the standard OData service
// c4codataapi with Basic authentication, business users who are locked, expire and lose work centres, and the ways SAP fails.
//
// Wire formats follow SAP's "SAP Cloud for Customer OData API Developer's Guide",
// https://github.com/SAP-archive/C4CODATAAPIDEVGUIDE (service document, formats, query options, CSRF token), and the OData
// protocol version 2, https://www.odata.org/documentation/odata-version-2-0/ (JSON, Atom, errors). The properties of
// business users are those that public clients of the service read. SAP publishes no list of error codes: those here are
// placeholders that nobody should branch on.
package sapc4c

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Path is where the standard service is served; the slash at its end is needed.
const Path = "/sap/c4c/odata/v1/c4codataapi/"

// Options configures a stand-in; the zero value is a plain HTTP server on a free port with what [NewSeed] says.
type Options struct {
	sandbox.Options
	// Seed is what there is at the start; nil means [NewSeed].
	Seed *Seed
	// LockAfter locks the password of a user after so many refused sign-ins in a row; 0 means never.
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

// state is what changes while a stand-in runs.
type state struct {
	users   []User
	refused map[string]int // sign-ins in a row, by user
	fields  []string       // custom fields of contacts
}

func newState(seed Seed) *state {
	return &state{users: slices.Clone(seed.Users), refused: map[string]int{}}
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
		Serve: s.answer, Check: check, Operation: sandbox.ByPath(operationOf),
		Restore: func() { s.state = newState(s.seed) }, Lock: &s.mu,
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Service is the first user: the service user, with its password.
func (s *Server) Service() User { return s.Users()[0] }

// Users lists the users, with their passwords.
func (s *Server) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.state.users)
}

// Update changes a user, found by user ID.
func (s *Server) Update(userID string, change func(*User)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return sandbox.Change(s.state.user(userID), ErrNoUser, userID, change)
}

// SetPassword changes the password of a user.
func (s *Server) SetPassword(userID, password string) error {
	return s.Update(userID, func(u *User) { u.Password = password })
}

// AddField adds a custom field to contacts, which changes the metadata.
func (s *Server) AddField(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.fields = append(s.state.fields, name)
}
