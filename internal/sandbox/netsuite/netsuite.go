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

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// ErrNoEmployee is the error for an employee that does not exist.
var ErrNoEmployee = fmt.Errorf("%w employee", sandbox.ErrNotFound)

// Options configures a stand-in. The default seed is that of [NewSeed].
type Options = sandbox.TwinOptions[Seed]

// Server is a running stand-in. Its methods are safe for concurrent use. Its accounts are the employees, found by name:
// several can share an address.
type Server struct {
	sandbox.Twin[Employee]
	state state
}

// Start starts a stand-in.
func Start(options Options) (*Server, error) {
	seed := *cmp.Or(options.Seed, new(NewSeed()))
	if err := seed.check(); err != nil {
		return nil, err
	}
	s := &Server{}
	err := sandbox.StartTwin(&s.Twin, options, sandbox.Accounts[Employee]{
		Seed: seed.Employees, Label: "employees", Missing: ErrNoEmployee,
		Is: func(e Employee, name string) bool { return e.Name == name },
	}, sandbox.System{
		Serve: s.serve, Kinds: kinds, Operation: sandbox.ByPath(operations.At), Restore: func() { s.state = newState(seed) },
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Account returns the account, which NetSuite also calls a company.
func (s *Server) Account() Account { return sandbox.Read(s, &s.state.account) }

// UpdateAccount changes the account.
func (s *Server) UpdateAccount(change func(*Account)) { sandbox.Write(s, &s.state.account, change) }

// Integration returns the integration record, with its secret.
func (s *Server) Integration() Integration { return sandbox.Read(s, &s.state.integration) }

// UpdateIntegration changes the integration record.
func (s *Server) UpdateIntegration(change func(*Integration)) {
	sandbox.Write(s, &s.state.integration, change)
}

// Token returns the access token, with its secret.
func (s *Server) Token() Token { return sandbox.Read(s, &s.state.token) }

// UpdateToken changes the access token. Its user must exist.
func (s *Server) UpdateToken(change func(*Token)) error {
	return sandbox.WriteChecked(s, &s.state.token, change, func(t Token) error {
		return sandbox.Change(s.Find(t.User), ErrNoEmployee, t.User, func(*Employee) {})
	})
}

// Role returns the role of the token.
func (s *Server) Role() Role { return sandbox.Read(s, &s.state.role) }

// UpdateRole changes the role.
func (s *Server) UpdateRole(change func(*Role)) { sandbox.Write(s, &s.state.role, change) }

// Employees lists the employees, the service user first.
func (s *Server) Employees() []Employee { return s.Users() }

// AddRecordType adds a custom record type, which changes the metadata.
func (s *Server) AddRecordType(name string) {
	sandbox.Write(s, &s.state.types, func(types *[]string) { *types = append(*types, name) })
}

// ChangeSecret replaces the secret of the token, as an administrator does by creating the token again.
func (s *Server) ChangeSecret() ([]sandbox.Variable, error) {
	secret := randomHex()
	if err := s.UpdateToken(func(t *Token) { t.Secret = secret }); err != nil {
		return nil, err
	}
	return []sandbox.Variable{{Name: "netsuite_token_secret", Value: secret, Secret: true}}, nil
}
