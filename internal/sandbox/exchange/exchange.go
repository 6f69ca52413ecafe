// Package exchange is a stand-in for an on-premises Microsoft Exchange server, as a client of Exchange Web Services
// (EWS) sees it: Basic and NTLM sign-in really verified, with [ews.Service] behind.
package exchange

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

// Path is where EWS is served; letter case does not matter, as with IIS.
const Path = ews.Path

// Scheme is a way to sign in.
type Scheme string

// The schemes the stand-in verifies.
const (
	Basic Scheme = "Basic"
	NTLM  Scheme = "NTLM"
)

// Options configures a stand-in; the zero value is a plain HTTP server on a free port with both schemes and the
// accounts of [ews.Seed].
type Options struct {
	sandbox.Options
	// Schemes are the ways to sign in that are offered; none means both.
	Schemes []Scheme
	// Accounts are the people and mailboxes; none means those of [ews.Seed]. An account without a password is given a
	// random one.
	Accounts []ews.Account
	// LockAfter locks an account after so many refused sign-ins in a row; 0 means never.
	LockAfter int
	// Now is the clock for expiring passwords and seeded appointments; nil means the real one.
	Now func() time.Time
}

// Server is a running stand-in. Its methods are safe for concurrent use.
type Server struct {
	*sandbox.Host
	directory *ews.Directory
	ews       *ews.Service
	schemes   []Scheme
}

// Start makes a stand-in and brings it up. Close ends it.
func Start(options Options) (*Server, error) {
	s := &Server{schemes: options.Schemes}
	if len(s.schemes) == 0 {
		s.schemes = []Scheme{Basic, NTLM}
	}
	for _, scheme := range s.schemes {
		if !slices.Contains([]Scheme{Basic, NTLM}, scheme) {
			return nil, fmt.Errorf("unknown scheme %q", scheme)
		}
	}
	now := options.Now
	if now == nil {
		now = time.Now
	}
	accounts := options.Accounts
	if len(accounts) == 0 {
		accounts = ews.Seed()
	}
	var err error
	if s.directory, err = ews.NewDirectory(accounts, options.LockAfter, now); err != nil {
		return nil, err
	}
	s.ews = ews.New(s.directory, now())
	s.Host, err = sandbox.Start(options.Options, sandbox.System{
		Answer: s.answer, Operation: func(_ *http.Request, body []byte) string { return ews.Operation(body) }, Check: check,
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// URL is the EWS address to give to a client.
func (s *Server) URL() string { return s.Host.URL() + Path }

// Service is the first account of the directory: the service account, with its password.
func (s *Server) Service() ews.Account { return s.directory.First() }

// Account finds an account by address, alias or name, with its password.
func (s *Server) Account(user string) (ews.Account, error) { return s.directory.Get(user) }

// Accounts lists all accounts, with their passwords.
func (s *Server) Accounts() []ews.Account { return s.directory.List() }

// SetPassword changes the password of an account. As with IIS, a connection that NTLM signed in before stays signed in.
func (s *Server) SetPassword(user, password string) error {
	return s.Update(user, func(a *ews.Account) { a.Password = password })
}

// Update changes an account: locks it, takes a right, gives it another primary address.
func (s *Server) Update(user string, change func(*ews.Account)) error {
	return s.directory.Update(user, change)
}

// Reset puts the accounts back as they were at the start, forgets requests and faults, and comes up.
func (s *Server) Reset() error {
	s.directory.Reset()
	s.Clear()
	s.Forget()
	return s.Up()
}
