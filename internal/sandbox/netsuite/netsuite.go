// Package netsuite is a stand-in for Oracle NetSuite. It verifies requests that are signed with OAuth 1.0a (token-based
// authentication, TBA), and serves the description of the token, and records, SuiteQL queries and the metadata catalog
// of the REST web services. It fails in the ways that NetSuite does. It has no OAuth 2.0, no SOAP web services, no
// RESTlets of its own, no writing operations and only a small part of SuiteQL.
//
// NetSuite has a host for REST web services and one for RESTlets, which describes the token. Here both have one
// address, because their paths differ. Formats and texts follow NetSuite's help: "The Signature for Web Services and
// RESTlets" (https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1534941088.html), "Error Messages
// for RESTlets, SOAP Web Services, and REST Web Services" (…/subsect_156935170194.html), "Error Handling in REST Web
// Services" (…/section_156570709583.html), "Executing SuiteQL Queries Through REST Web Services"
// (…/section_157909186990.html) and "Getting Metadata" (…/section_1540810174.html). Details that are missing there
// follow what public clients are known to read.
package netsuite

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// ErrNoEmployee is the error for an employee that does not exist.
var ErrNoEmployee = fmt.Errorf("%w employee", sandbox.ErrNotFound)

// Options configures a stand-in. The zero value is a plain HTTP server on a free port with the state of [NewSeed].
type Options struct {
	sandbox.Options
	// Seed is the state at the start; nil means [NewSeed].
	Seed *Seed
	// Now is the clock; nil means the real one.
	Now func() time.Time
}

// Server is a running stand-in. Its methods are safe for concurrent use.
type Server struct {
	*sandbox.Host
	seed Seed
	now  func() time.Time

	mu    sync.Mutex
	state *state
}

// Start starts a stand-in.
func Start(options Options) (*Server, error) {
	s := &Server{seed: *cmp.Or(options.Seed, new(NewSeed())), now: sandbox.Clock(options.Now)}
	if err := s.seed.check(); err != nil {
		return nil, err
	}
	var err error
	s.Host, err = sandbox.Start(options.Options, sandbox.System{
		Serve: s.serve, Check: check, Operation: sandbox.ByPath(operations.At),
		Restore: func() { s.state = newState(s.seed) }, Lock: &s.mu,
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Account returns the account, which NetSuite also calls a company.
func (s *Server) Account() Account {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.account
}

// UpdateAccount changes the account.
func (s *Server) UpdateAccount(change func(*Account)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.state.account)
}

// Integration returns the integration record, with its secret.
func (s *Server) Integration() Integration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.integration
}

// UpdateIntegration changes the integration record.
func (s *Server) UpdateIntegration(change func(*Integration)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.state.integration)
}

// Token returns the access token, with its secret.
func (s *Server) Token() Token {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.token
}

// UpdateToken changes the access token. Its user must exist.
func (s *Server) UpdateToken(change func(*Token)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	changed := s.state.token
	change(&changed)
	if s.state.employee(changed.User) == nil {
		return fmt.Errorf("%w: %q", ErrNoEmployee, changed.User)
	}
	s.state.token = changed
	return nil
}

// Role returns the role of the token.
func (s *Server) Role() Role {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.role
}

// UpdateRole changes the role.
func (s *Server) UpdateRole(change func(*Role)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.state.role)
}

// Employees lists the employees, the service user first.
func (s *Server) Employees() []Employee {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.state.employees)
}

// Update changes an employee, found by name: several can share an address.
func (s *Server) Update(name string, change func(*Employee)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return sandbox.Change(s.state.employee(name), ErrNoEmployee, name, change)
}

// AddRecordType adds a custom record type, which changes the metadata.
func (s *Server) AddRecordType(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.types = append(s.state.types, name)
}

// ChangeSecret replaces the secret of the token, as an administrator does by creating the token again.
func (s *Server) ChangeSecret() ([]sandbox.Variable, error) {
	secret := randomHex()
	if err := s.UpdateToken(func(t *Token) { t.Secret = secret }); err != nil {
		return nil, err
	}
	return []sandbox.Variable{{Name: "netsuite_token_secret", Value: secret, Secret: true}}, nil
}
