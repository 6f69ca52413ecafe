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

// clients is the certificate of the service account, and which certificates are revoked.
type clients struct {
	certificate, key string // PEM; empty without TLS

	mu      sync.Mutex
	revoked bool
}

// register has the authority issue the certificate of the service account; without one there is none.
func (c *clients) register(authority *sandbox.Authority, service ews.Account) (err error) {
	if authority == nil {
		return nil
	}
	c.certificate, c.key, err = authority.Issue(sandbox.ClientCertificate{Name: service.Name, Email: service.Principal})
	return err
}

func (c *clients) reset() { c.set(false) }

func (c *clients) set(revoked bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.revoked = revoked
}

func (c *clients) isRevoked() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.revoked
}

// Certificate is the certificate of the service account and its key, in PEM form; empty without TLS.
func (s *Server) Certificate() (certificate, key string) { return s.clients.certificate, s.clients.key }

// RevokeCertificate has all certificates refused as revoked, until [Server.Reset].
func (s *Server) RevokeCertificate() { s.clients.set(true) }

// The substatuses with which IIS refuses certificates
// (https://learn.microsoft.com/troubleshoot/developer/webapps/iis/www-administration-management/http-status-code).
const (
	certificateRequired  = 7
	certificateRevoked   = 13
	certificateUntrusted = 16
	certificateExpired   = 17
)

// ownCertificate is what the client showed, or the answer that refuses it. IIS looks at it before anything else.
func (s *Server) ownCertificate(call *sandbox.Call) (*x509.Certificate, *sandbox.Response) {
	if call.Request.TLS == nil || len(call.Request.TLS.PeerCertificates) == 0 {
		if s.demand {
			return nil, s.forbidden(certificateRequired)
		}
		return nil, nil //nolint:nilnil // most clients have none, and nothing is wrong with that
	}
	own := call.Request.TLS.PeerCertificates[0]
	var (
		reason    string
		substatus int
	)
	switch now := time.Now(); {
	case !s.Authority().Signed(own):
		reason, substatus = "untrusted certificate", certificateUntrusted
	case now.After(own.NotAfter) || now.Before(own.NotBefore):
		reason, substatus = "expired certificate", certificateExpired
	case s.clients.isRevoked():
		reason, substatus = "revoked certificate", certificateRevoked
	default:
		return own, nil
	}
	call.RecordSignIn(sandbox.SignIn{Scheme: string(Certificate), User: userOf(own), Reason: reason})
	return nil, s.forbidden(substatus)
}

// accountOfCertificate is the account that a certificate belongs to. The password plays no part in it.
func (s *Server) accountOfCertificate(call *sandbox.Call, own *x509.Certificate) (ews.Account, bool) {
	account, err := s.directory.Get(userOf(own))
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
		Scheme: string(Certificate), User: userOf(own), Accepted: reason == "", Reason: reason,
	})
	return account, reason == ""
}

func userOf(own *x509.Certificate) string {
	if len(own.EmailAddresses) == 0 {
		return own.Subject.CommonName
	}
	return own.EmailAddresses[0]
}

// forbidden is IIS's page for a certificate that is missing or refused. Which of them it is, other machines are told only
// if an administrator has allowed detailed errors.
func (s *Server) forbidden(substatus int) *sandbox.Response {
	page := sandbox.HTML(http.StatusForbidden, "403 - Forbidden: Access is denied.",
		"<h2>403 - Forbidden: Access is denied.</h2><h3>You do not have permission to view this directory or page.</h3>")
	if s.detailed {
		page = sandbox.HTML(http.StatusForbidden, fmt.Sprintf("IIS 10.0 Detailed Error - 403.%d - Forbidden", substatus),
			fmt.Sprintf("<h3>HTTP Error 403.%d - Forbidden</h3>", substatus))
	}
	return &page
}
