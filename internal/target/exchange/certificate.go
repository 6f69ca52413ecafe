package exchange

import (
	"errors"
	"mime"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// certificateAlerts are the alerts of servers, mostly reverse proxies, that reject the client's certificate in the TLS handshake
// (RFC 8446, 6.2), as crypto/tls reports them.
var certificateAlerts = []string{
	"tls: bad certificate", "tls: unsupported certificate", "tls: revoked certificate", "tls: expired certificate",
	"tls: unknown certificate", "tls: unknown certificate authority", "tls: access denied", "tls: certificate required",
}

// handshakeFault returns the fault of a handshake that failed because of our certificate; nil for any other error.
func (s *session) handshakeFault(err error) *target.Fault {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" || !slices.Contains(certificateAlerts, op.Err.Error()) {
		return nil
	}
	if !s.hasCertificate {
		return certificateRequired(target.Say("The server ended the TLS handshake (%s).", op.Err))
	}
	return &target.Fault{
		Code: target.GivenCredentials, Field: clientCertificate, Cause: err, Certain: true,
		Message: target.Say("The server rejected the client certificate in the TLS handshake (%s).", op.Err),
	}
}

// substatusPattern matches IIS's reason for rejecting a certificate, if it reports one: missing (7), no account for it (12),
// revoked (13), untrusted (16), expired (17)
// (https://learn.microsoft.com/troubleshoot/developer/webapps/iis/www-administration-management/http-status-code).
var substatusPattern = regexp.MustCompile(`\b403\.(7|12|13|16|17)\b`)

// certificateResponseFault returns the fault of a response about our certificate; nil for any other response. IIS returns 403, by
// default without a reason for other machines. nginx returns 400 with a page that names the certificate.
func (s *session) certificateResponseFault(r call.Response) *target.Fault {
	if s.missedCertificate(r) {
		return s.noCertificateFault(r)
	}
	// Without a valid media type it is not a page. The text is only compared.
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	page, baseMessage := kind == "text/html", strings.ToLower(string(call.Start(r.Body)))
	reported := substatusPattern.FindString(baseMessage)
	switch {
	case r.Status == http.StatusUnauthorized && s.required == certificate:
		return s.certificateFault(r, false, "It did not accept the client certificate.")
	case r.Status == http.StatusForbidden && reported == "403.7",
		r.Status == http.StatusBadRequest && strings.Contains(baseMessage, "no required ssl certificate"):
		return s.noCertificateFault(r)
	case r.Status == http.StatusForbidden && reported != "":
		return s.certificateFault(r, true, "It rejected the client certificate (%s).", target.Own(reported))
	case r.Status == http.StatusBadRequest && strings.Contains(baseMessage, "ssl certificate error"):
		return s.certificateFault(r, true, "It rejected the client certificate.")
	case r.Status == http.StatusForbidden && page && s.required == certificate:
		return s.certificateFault(r, false, "It rejected the client certificate, or did not receive it.")
	}
	return nil
}

// certificateFault returns the fault of a certificate that the server rejected. It is certain only if the server says so.
func (s *session) certificateFault(r call.Response, certain bool, reason target.Own, args ...any) *target.Fault {
	fault := s.ews.Classifier.FaultOf(r, nil)
	fault.Code, fault.Field = target.GivenCredentials, clientCertificate
	fault.Certain, fault.Unclear = certain, !certain
	fault.Message = target.Say("%s %s", fault.Message, target.Say(reason, args...))
	return fault
}

// noCertificateFault returns the fault of a server that received no certificate.
func (s *session) noCertificateFault(r call.Response) *target.Fault {
	baseMessage := s.ews.Classifier.FaultOf(r, nil).Message
	if !s.hasCertificate {
		return certificateRequired(baseMessage)
	}
	return &target.Fault{
		Code: target.Misconfigured, Field: authentication, Help: []string{target.HelpLateCertificate},
		Message: target.Say("%s It did not receive the client certificate.", baseMessage),
	}
}

// missedCertificate reports whether a response can mean that the server has not received the certificate, because it has not
// requested it. A password can be rejected for other reasons, unless the server may request the certificate late.
func (s *session) missedCertificate(r call.Response) bool {
	missed, late := s.MissedCertificate()
	switch r.Status {
	case http.StatusForbidden:
		return missed && (late || s.required == certificate)
	case http.StatusUnauthorized:
		return missed && s.required == certificate
	}
	return false
}

// certificateRequired returns the fault of a connection without a client certificate.
func certificateRequired(baseMessage target.Text) *target.Fault {
	return &target.Fault{
		Code: target.Misconfigured, Field: clientCertificate,
		Message: target.Say("%s It requires a client certificate: set certificate and private_key.", baseMessage),
	}
}
