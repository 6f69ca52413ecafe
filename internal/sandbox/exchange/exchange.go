// Package exchange is a stand-in for an on-premises Microsoft Exchange server, as a client of Exchange Web Services
// (EWS) sees it: sign-in with Basic, NTLM and certificates really verified, [ews.Service] behind it, Autodiscover in both
// of its forms, and the sign-in page of Outlook on the web.
package exchange

import (
	"errors"
	"fmt"
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
	// Certificate maps the client certificate of a TLS connection to an account, as IIS does.
	Certificate Scheme = "Certificate"
)

// Options configures a stand-in; the zero value is a plain HTTP server on a free port with all schemes and the
// accounts of [ews.Seed].
type Options struct {
	sandbox.Options
	// Schemes are the ways to sign in that are offered; none means all. Certificates need TLS.
	Schemes []Scheme
	// DemandCertificate refuses whoever shows no client certificate, whatever the scheme. Where certificates are the only
	// scheme, that is so anyway.
	DemandCertificate bool
	// DetailedErrors has refused certificates answered with IIS's page that names the substatus; by default it does not.
	DetailedErrors bool
	// EWSPath is where EWS is served; empty means [Path].
	EWSPath string
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
	demand    bool
	detailed  bool
	clients   clients
	place     endpoint
}

// Start makes a stand-in and brings it up. Close ends it.
func Start(options Options) (*Server, error) {
	all := []Scheme{Basic, NTLM, Certificate}
	s := &Server{schemes: options.Schemes, detailed: options.DetailedErrors}
	if len(s.schemes) == 0 {
		s.schemes = all
	}
	for _, scheme := range s.schemes {
		if !slices.Contains(all, scheme) {
			return nil, fmt.Errorf("unknown scheme %q", scheme)
		}
	}
	s.demand = options.DemandCertificate || slices.Equal(s.schemes, []Scheme{Certificate})
	s.place.start(options.EWSPath)
	now := sandbox.Clock(options.Now)
	accounts := options.Accounts
	if len(accounts) == 0 {
		accounts = ews.Seed()
	}
	var err error
	if s.directory, err = ews.NewDirectory(accounts, options.LockAfter, now); err != nil {
		return nil, err
	}
	s.ews = ews.New(s.directory, now())
	if options.TLS != nil {
		asking := *options.TLS
		asking.AskClients = true
		options.TLS = &asking
	}
	s.Host, err = sandbox.Start(options.Options, sandbox.System{
		Serve: s.answer, Operation: operation, Check: check, Restore: s.restore,
	})
	if err != nil {
		return nil, err
	}
	if err := s.clients.register(s.Authority(), s.Service()); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// restore puts accounts, certificates and addresses back as they were at the start.
func (s *Server) restore() {
	s.directory.Reset()
	s.clients.reset()
	s.place.reset()
}

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
