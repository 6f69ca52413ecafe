// Package exchange is a stand-in for an on-premises Microsoft Exchange server. It speaks Exchange Web Services (EWS,
// from [ews.Service]) with Basic, NTLM and client certificates, which it verifies, both services of Autodiscover (POX
// and SOAP), and the sign-in form of Outlook on the web. It has no Kerberos, no mailbox in Outlook on
// the web, and none of what package ews leaves out.
package exchange

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ntlm"
)

// Path is the path of EWS. Letter case is ignored, as in IIS.
const Path = ews.Path

// Scheme is an authentication scheme.
type Scheme string

// The schemes that the stand-in verifies.
const (
	Basic Scheme = "Basic"
	NTLM  Scheme = "NTLM"
	// Certificate maps the client certificate of a TLS connection to an account, as IIS does.
	Certificate Scheme = "Certificate"
)

// Options configures a stand-in. The zero value is a plain HTTP server on a free port with all schemes and the accounts
// of [ews.Seed].
type Options struct {
	sandbox.Options
	// Schemes are the offered schemes; empty means all. Certificates require TLS.
	Schemes []Scheme
	// DemandCertificate rejects clients without a client certificate, whatever the scheme. It is implied if
	// certificates are the only scheme.
	DemandCertificate bool
	// Protection is what happens to the channel bindings of NTLM; the default ignores them. It requires TLS.
	Protection ntlm.Protection
	// DetailedErrors returns IIS's page with the substatus for rejected certificates. It is off by default.
	DetailedErrors bool
	// EWSPath is the path of EWS; empty means [Path].
	EWSPath string
	// Accounts are the users and mailboxes; empty means those of [ews.Seed]. An account without a password gets a
	// random one.
	Accounts []ews.Account
	// LockAfter locks an account after this number of rejected sign-ins in a row; 0 means never.
	LockAfter int
	// Now is the clock for expiring passwords and seeded appointments; nil means the real one.
	Now func() time.Time
}

// Server is a running stand-in. Its methods are safe for concurrent use.
type Server struct {
	*sandbox.Host
	directory         *ews.Directory
	ews               *ews.Service
	schemes           []Scheme // those of the options
	offered           atomic.Pointer[[]Scheme]
	protection        ntlm.Protection
	now               func() time.Time
	demandCertificate bool
	detailed          bool
	clients           clientCertificates
	endpoint          endpoint
}

// Start starts a stand-in.
func Start(options Options) (*Server, error) {
	all := []Scheme{Basic, NTLM, Certificate}
	s := &Server{schemes: options.Schemes, protection: options.Protection, detailed: options.DetailedErrors}
	if len(s.schemes) == 0 {
		s.schemes = all
	}
	for _, scheme := range s.schemes {
		if !slices.Contains(all, scheme) {
			return nil, fmt.Errorf("unknown scheme %q", scheme)
		}
	}
	s.Offer(s.schemes...)
	s.demandCertificate = options.DemandCertificate || slices.Equal(s.schemes, []Scheme{Certificate})
	s.endpoint.start(options.EWSPath)
	now := sandbox.Clock(options.Now)
	s.now = now
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
		tlsOptions := *options.TLS
		tlsOptions.AskClients = true
		options.TLS = &tlsOptions
	}
	s.Host, err = sandbox.Start(options.Options, sandbox.System{
		Serve: s.serve, Operation: operation, Kinds: kinds, Restore: s.restore,
	})
	if err != nil {
		return nil, err
	}
	if err := s.clients.issue(s.Authority(), s.Service()); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Offer changes the offered schemes, until [Server.Reset].
func (s *Server) Offer(schemes ...Scheme) { s.offered.Store(&schemes) }

// restore restores the schemes, accounts, certificates and addresses at the start.
func (s *Server) restore() {
	s.Offer(s.schemes...)
	s.directory.Reset()
	s.clients.reset()
	s.endpoint.reset()
}

// Service returns the first account of the directory: the service account, with its password.
func (s *Server) Service() ews.Account { return s.directory.First() }

// Account finds an account by address, alias or name, with its password.
func (s *Server) Account(user string) (ews.Account, error) { return s.directory.User(user) }

// Accounts lists all accounts, with their passwords.
func (s *Server) Accounts() []ews.Account { return s.directory.Users() }

// SetPassword changes the password of an account. As in IIS, a connection that is signed in with NTLM stays signed in.
func (s *Server) SetPassword(user, password string) error {
	return s.directory.SetPassword(user, password)
}

// Update changes an account: for example its lock, a right or its primary address.
func (s *Server) Update(user string, change func(*ews.Account)) error {
	return s.directory.Update(user, change)
}
