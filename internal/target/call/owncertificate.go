package call

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync/atomic"
)

// ownCertificate is the client's own certificate. It is sent to every server that requests one, whichever authorities the server
// accepts: if it were not sent, the server would report a missing certificate instead of the problem with this one.
//
// Servers that require a certificate for a part of a site only, such as a directory of IIS or a location of Apache, request it
// after they have read the request (late authentication). With TLS 1.2 they renegotiate for that. With TLS 1.3 they need
// post-handshake authentication (RFC 8446, 4.6.2), which crypto/tls does not support, and return 403. Then the request is sent
// once more with TLS 1.2.
type ownCertificate struct {
	// older makes connections with TLS 1.2.
	older *http.Transport
	// connected means that there was a TLS connection, and requested that a server has requested the certificate.
	connected, requested atomic.Bool
	// retried means that the second try was made. After that, olderOnly means that the server requested the certificate, and
	// olderRefused that it does not accept TLS 1.2.
	retried, olderOnly, olderRefused atomic.Bool
}

// use makes connections with the configuration present the certificate.
func (c *ownCertificate) use(config *tls.Config, certificate tls.Certificate) {
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		c.requested.Store(true)
		return &certificate, nil
	}
	config.Renegotiation = tls.RenegotiateOnceAsClient
}

// isLate reports whether a response may be from a server that requests the certificate too late.
func (c *ownCertificate) isLate(resp *http.Response) bool {
	return resp.StatusCode == http.StatusForbidden && resp.TLS != nil && resp.TLS.Version >= tls.VersionTLS13 && !c.requested.Load()
}

// sendWithCertificate sends a request, and once more with TLS 1.2 if the server may have missed the certificate. The second
// response counts only if the server has requested the certificate then.
func (t *transport) sendWithCertificate(req *http.Request) (*http.Response, error) {
	c := t.certificate
	if c.olderOnly.Load() {
		return t.sendOnce(c.older, req)
	}
	first, err := t.sendOnce(t.secure, req)
	if err != nil {
		return nil, err
	}
	c.connected.Store(true)
	if !c.isLate(first) {
		return first, nil
	}
	again := req.Clone(req.Context())
	if !rewind(again) || c.retried.Swap(true) {
		return first, nil
	}
	second, err := t.sendOnce(c.older, again)
	if c.requested.Load() {
		c.olderOnly.Store(true)
		return second, err
	}
	c.olderRefused.Store(isAlert(err))
	return first, nil
}

// rewind gives a request its body again, and reports whether that is possible.
func rewind(req *http.Request) bool {
	switch {
	case req.Body == nil:
		return true
	case req.GetBody == nil:
		return false
	}
	body, err := req.GetBody()
	req.Body = body
	return err == nil
}

// isAlert reports whether an error is an alert of the server, as for a version of TLS that it does not accept.
func isAlert(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "remote error"
}

// MissedCertificate reports whether the account has a certificate of its own that the server has not requested in any TLS
// handshake. Late reports that the server may request it later than is supported with TLS 1.3, and does not accept TLS 1.2.
func (s *Session) MissedCertificate() (missed, late bool) {
	t, _ := s.transport.Transport.(*transport)
	if t == nil || t.certificate == nil {
		return false, false
	}
	missed = t.certificate.connected.Load() && !t.certificate.requested.Load()
	return missed, missed && t.certificate.olderRefused.Load()
}
