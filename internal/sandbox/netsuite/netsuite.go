// Package netsuite is a stand-in for Oracle NetSuite as an integration sees it: requests signed with OAuth 1.0a (token-based
// authentication, TBA) and really verified, what the token says of itself, records and SuiteQL of the REST web services,
// and the ways NetSuite fails.
//
// NetSuite has a host for REST web services and one for RESTlets, where the token is explained. Here both are at one
// address, since their paths differ. Wire formats and words follow NetSuite's help: "The Signature for Web Services and
// RESTlets" (https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1534941088.html), "Error Messages for
// RESTlets, SOAP Web Services, and REST Web Services" (…/subsect_156935170194.html), "Error Handling in REST Web Services"
// (…/section_156570709583.html), "Executing SuiteQL Queries Through REST Web Services" (…/section_157909186990.html) and
// "Getting Metadata" (…/section_1540810174.html); what those leave open follows what public clients are known to read.
package netsuite

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// ErrNoEmployee refuses to change somebody who is not there.
var ErrNoEmployee = fmt.Errorf("%w employee", sandbox.ErrNotFound)

// Options configures a stand-in; the zero value is a plain HTTP server on a free port with what [NewSeed] makes.
type Options struct {
	sandbox.Options
	// Seed is what there is at the start; nil means [NewSeed].
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

// Start makes a stand-in and brings it up. Close ends it.
func Start(options Options) (*Server, error) {
	s := &Server{seed: *cmp.Or(options.Seed, new(NewSeed())), now: sandbox.Clock(options.Now)}
	if err := s.seed.check(); err != nil {
		return nil, err
	}
	var err error
	s.Host, err = sandbox.Start(options.Options, sandbox.System{
		Serve: s.answer, Check: check, Operation: sandbox.ByPath(operations.At),
		Restore: func() { s.state = newState(s.seed) }, Lock: &s.mu,
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Account is the account, which NetSuite also calls a company.
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

// Integration is the integration record, with its secret.
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

// Token is the access token, with its secret.
func (s *Server) Token() Token {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.token
}

// UpdateToken changes the access token. Its user must be there.
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

// Role is the role that the token was made for.
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

// ChangeSecret gives the token another secret, as an administrator does who makes the token anew.
func (s *Server) ChangeSecret() ([]sandbox.Variable, error) {
	secret := random()
	if err := s.UpdateToken(func(t *Token) { t.Secret = secret }); err != nil {
		return nil, err
	}
	return []sandbox.Variable{{Name: "netsuite_token_secret", Value: secret, Secret: true}}, nil
}
