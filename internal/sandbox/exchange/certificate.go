package exchange

import (
	"crypto/x509"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

// clientCertificates contains the certificate of the service account, and whether certificates are revoked.
type clientCertificates struct {
	certificate, key string // PEM; empty without TLS

	mu      sync.Mutex
	revoked bool
}

// issue makes the authority issue the certificate of the service account. Without an authority it issues nothing.
func (c *clientCertificates) issue(authority *sandbox.Authority, service ews.Account) (err error) {
	if authority == nil {
		return nil
	}
	c.certificate, c.key, err = authority.Issue(sandbox.ClientCertificate{Name: service.Name, Email: service.Principal})
	return err
}

func (c *clientCertificates) reset() { c.set(false) }

func (c *clientCertificates) set(revoked bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.revoked = revoked
}

func (c *clientCertificates) isRevoked() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.revoked
}

// Certificate returns the certificate of the service account and its key, in PEM form; empty without TLS.
func (s *Server) Certificate() (certificate, key string) { return s.clients.certificate, s.clients.key }

// RevokeCertificate makes the server reject all certificates as revoked, until [Server.Reset].
func (s *Server) RevokeCertificate() { s.clients.set(true) }

// The substatus codes that IIS uses for rejected certificates
// (https://learn.microsoft.com/troubleshoot/developer/webapps/iis/www-administration-management/http-status-code).
const (
	certificateRequired  = 7
	certificateRevoked   = 13
	certificateUntrusted = 16
	certificateExpired   = 17
)

// clientCertificate returns the client's certificate, or the response that rejects it. IIS checks it before anything
// else.
func (s *Server) clientCertificate(call *sandbox.Call) (*x509.Certificate, *sandbox.Response) {
	if call.Request.TLS == nil || len(call.Request.TLS.PeerCertificates) == 0 {
		if s.demandCertificate {
			return nil, s.forbidden(certificateRequired)
		}
		return nil, nil // most clients have no certificate, which is allowed
	}
	certificate := call.Request.TLS.PeerCertificates[0]
	var (
		reason    string
		substatus int
	)
	switch now := time.Now(); {
	case !s.Authority().Signed(certificate):
		reason, substatus = "untrusted certificate", certificateUntrusted
	case now.After(certificate.NotAfter) || now.Before(certificate.NotBefore):
		reason, substatus = "expired certificate", certificateExpired
	case s.clients.isRevoked():
		reason, substatus = "revoked certificate", certificateRevoked
	default:
		return certificate, nil
	}
	call.RecordSignIn(sandbox.SignIn{Scheme: string(Certificate), User: userOf(certificate), Reason: reason})
	return nil, s.forbidden(substatus)
}

// accountOfCertificate returns the account of a certificate. The password is not needed.
func (s *Server) accountOfCertificate(call *sandbox.Call, certificate *x509.Certificate) (ews.Account, bool) {
	account, err := s.directory.User(userOf(certificate))
	reason := ""
	switch {
	case err != nil:
		reason = "unknown user"
	case account.Locked:
		reason = "account locked"
	case account.Disabled:
		reason = "account disabled"
	}
	call.RecordSignIn(sandbox.SignIn{
		Scheme: string(Certificate), User: userOf(certificate), Accepted: reason == "", Reason: reason,
	})
	return account, reason == ""
}

func userOf(certificate *x509.Certificate) string {
	if len(certificate.EmailAddresses) == 0 {
		return certificate.Subject.CommonName
	}
	return certificate.EmailAddresses[0]
}

// forbidden returns IIS's page for a certificate that is missing or rejected. It contains the reason only if an
// administrator has enabled detailed errors for other machines.
func (s *Server) forbidden(substatus int) *sandbox.Response {
	page := sandbox.HTML(http.StatusForbidden, "403 - Forbidden: Access is denied.",
		"<h2>403 - Forbidden: Access is denied.</h2><h3>You do not have permission to view this directory or page.</h3>")
	if s.detailed {
		page = sandbox.HTML(http.StatusForbidden, fmt.Sprintf("IIS 10.0 Detailed Error - 403.%d - Forbidden", substatus),
			fmt.Sprintf("<h3>HTTP Error 403.%d - Forbidden</h3>", substatus))
	}
	return &page
}
