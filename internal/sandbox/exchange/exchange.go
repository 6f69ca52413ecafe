// Package exchange is a stand-in for an on-premises Microsoft Exchange server, as a client of Exchange Web Services
// (EWS) sees it: Basic and NTLM sign-in really verified, the operations that a client needs to sign in and to read a
// mailbox, application impersonation and delegate access with their rights, and the ways Exchange fails.
//
// Its messages keep to Microsoft's published EWS schemas (messages.xsd and types.xsd), element order included, so that
// real client libraries can read them. What the schemas leave open follows Microsoft's EWS reference.
package exchange

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Path is where EWS is served; letter case does not matter, as with IIS.
const Path = "/EWS/Exchange.asmx"

// Scheme is a way to sign in.
type Scheme string

// The schemes the stand-in verifies.
const (
	Basic Scheme = "Basic"
	NTLM  Scheme = "NTLM"
)

// Options configures a stand-in; the zero value is a plain HTTP server on a free port with both schemes and the
// accounts of [Seed].
type Options struct {
	sandbox.Options
	// Schemes are the ways to sign in that are offered; none means both.
	Schemes []Scheme
	// Accounts are the people and mailboxes; none means those of [Seed]. An account without a password is given a
	// random one.
	Accounts []Account
	// LockAfter locks an account after so many refused sign-ins in a row; 0 means never.
	LockAfter int
	// Now is the clock for expiring passwords and seeded appointments; nil means the real one.
	Now func() time.Time
}

// Server is a running stand-in. Its methods are safe for concurrent use.
type Server struct {
	*sandbox.Host
	directory *directory
	schemes   []Scheme
	now       func() time.Time
	started   time.Time
}

// Start makes a stand-in and brings it up. Close ends it.
func Start(options Options) (*Server, error) {
	s := &Server{schemes: options.Schemes, now: options.Now}
	if len(s.schemes) == 0 {
		s.schemes = []Scheme{Basic, NTLM}
	}
	for _, scheme := range s.schemes {
		if !slices.Contains([]Scheme{Basic, NTLM}, scheme) {
			return nil, fmt.Errorf("unknown scheme %q", scheme)
		}
	}
	if s.now == nil {
		s.now = time.Now
	}
	s.started = s.now()
	accounts := options.Accounts
	if len(accounts) == 0 {
		accounts = Seed()
	}
	var err error
	if s.directory, err = newDirectory(accounts, options.LockAfter, s.now); err != nil {
		return nil, err
	}
	s.Host, err = sandbox.Start(options.Options, sandbox.System{
		Answer: s.answer, Operation: func(_ *http.Request, body []byte) string { return operationOf(body) }, Check: check,
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// URL is the EWS address to give to a client.
func (s *Server) URL() string { return s.Host.URL() + Path }

// Service is the first account of the directory: the service account, with its password.
func (s *Server) Service() Account { return s.directory.first() }

// Account finds an account by address, alias or name, with its password.
func (s *Server) Account(user string) (Account, error) { return s.directory.get(user) }

// Accounts lists all accounts, with their passwords.
func (s *Server) Accounts() []Account { return s.directory.list() }

// SetPassword changes the password of an account. As with IIS, a connection that NTLM signed in before stays signed in.
func (s *Server) SetPassword(user, password string) error {
	return s.Update(user, func(a *Account) { a.Password = password })
}

// Update changes an account: locks it, takes a right, gives it another primary address.
func (s *Server) Update(user string, change func(*Account)) error {
	return s.directory.update(user, change)
}

// Reset puts the accounts back as they were at the start, forgets requests and faults, and comes up.
func (s *Server) Reset() error {
	s.directory.reset()
	s.Clear()
	s.Forget()
	return s.Up()
}
