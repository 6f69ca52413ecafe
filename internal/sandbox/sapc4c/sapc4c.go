// Package sapc4c is a stand-in for a tenant of SAP Cloud for Customer. It serves the standard OData 2 service
// c4codataapi (JSON and Atom) with Basic authentication, and business users who are locked, expire and lose work
// centers. It fails in the ways that SAP does. It has no OAuth, no certificates, no SOAP services, no writing
// operations, and no functions in filters.
//
// Formats follow SAP's "SAP Cloud for Customer OData API Developer's Guide",
// https://github.com/SAP-archive/C4CODATAAPIDEVGUIDE (service document, formats, query options, CSRF token), and the
// OData protocol version 2, https://www.odata.org/documentation/odata-version-2-0/ (JSON, Atom, errors). The properties
// of business users are those that public clients of the service read. SAP publishes no list of error codes: the codes
// here are placeholders, so no client should depend on them.
package sapc4c

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Path is the path of the standard service. The trailing slash is required.
const Path = "/sap/c4c/odata/v1/c4codataapi/"

// Options configures a stand-in. The zero value is a plain HTTP server on a free port with the state of [NewSeed].
type Options struct {
	sandbox.Options
	// Seed is the state at the start; nil means [NewSeed].
	Seed *Seed
	// LockAfter locks the password of a user after this number of rejected sign-ins in a row; 0 means never.
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

// state is the state that changes.
type state struct {
	users      []User
	rejections map[string]int // in a row, by user
	fields     []string       // custom fields of contacts
}

func newState(seed Seed) *state {
	return &state{users: slices.Clone(seed.Users), rejections: map[string]int{}}
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
		Serve: s.serve, Check: check, Operation: sandbox.ByPath(operationOf),
		Restore: func() { s.state = newState(s.seed) }, Lock: &s.mu,
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Service returns the first user: the service user, with its password.
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
