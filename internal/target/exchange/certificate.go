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

// certificateAlerts are how servers, reverse proxies mostly, end a TLS handshake over the client's certificate (RFC 8446, 6.2), in
// the words of crypto/tls.
var certificateAlerts = []string{
	"tls: bad certificate", "tls: unsupported certificate", "tls: revoked certificate", "tls: expired certificate",
	"tls: unknown certificate", "tls: unknown certificate authority", "tls: access denied", "tls: certificate required",
}

// handshakeFault is the fault of a handshake that the server ended over our certificate; nil if it is not about that.
func (s *session) handshakeFault(err error) *target.Fault {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" || !slices.Contains(certificateAlerts, op.Err.Error()) {
		return nil
	}
	if !s.hasCertificate {
		return certificateRequired("The server ended the TLS handshake (" + op.Err.Error() + ").")
	}
	return &target.Fault{
		Code: target.GivenCredentials, Field: clientCertificate, Cause: err,
		Message: "The server refused the client certificate in the TLS handshake (" + op.Err.Error() + ").",
	}
}

// substatusPattern is where IIS says why it refuses a certificate, if it is allowed to: missing (7), no account for it (12),
// revoked (13), untrusted (16), expired (17)
// (https://learn.microsoft.com/troubleshoot/developer/webapps/iis/www-administration-management/http-status-code).
var substatusPattern = regexp.MustCompile(`\b403\.(7|12|13|16|17)\b`)

// certificateResponseFault is the fault of an answer about our certificate; nil if it is not about that. IIS answers 403, and by
// default tells other machines no more. nginx answers 400 with a page that names the certificate.
func (s *session) certificateResponseFault(r call.Response) *target.Fault {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")) // what is no media type is no page either
	page, baseMessage := kind == "text/html", strings.ToLower(string(r.Body))
	reported := substatusPattern.FindString(baseMessage)
	switch {
	case r.Status == http.StatusUnauthorized && s.scheme == certificate:
		return s.certificateFault(r, "It did not sign the client certificate in.")
	case r.Status == http.StatusForbidden && reported == "403.7",
		r.Status == http.StatusBadRequest && strings.Contains(baseMessage, "no required ssl certificate"):
		return s.noCertificateFault(r)
	case r.Status == http.StatusForbidden && reported != "":
		return s.certificateFault(r, "It refused the client certificate ("+reported+").")
	case r.Status == http.StatusBadRequest && strings.Contains(baseMessage, "ssl certificate error"):
		return s.certificateFault(r, "It refused the client certificate.")
	case r.Status == http.StatusForbidden && page && s.scheme == certificate:
		return s.certificateFault(r, "It refused the client certificate, or has not seen it.")
	}
	return nil
}

// certificateFault completes the fault of a certificate that the server has seen.
func (s *session) certificateFault(r call.Response, how string) *target.Fault {
	fault := s.ews.Classifier.FaultOf(r, nil)
	fault.Code, fault.Field, fault.Message = target.GivenCredentials, clientCertificate, fault.Message+" "+how
	return fault
}

// noCertificateFault is the fault of a server that has seen no certificate.
func (s *session) noCertificateFault(r call.Response) *target.Fault {
	baseMessage := s.ews.Classifier.FaultOf(r, nil).Message
	if !s.hasCertificate {
		return certificateRequired(baseMessage)
	}
	return &target.Fault{
		Code: target.Misconfigured, Field: authentication,
		Message: baseMessage + " It has not seen the client certificate: with TLS 1.3, IIS must ask for it at the start of a connection.",
	}
}

// certificateRequired is the fault of a connection without a certificate to show.
func certificateRequired(baseMessage string) *target.Fault {
	return &target.Fault{
		Code: target.Misconfigured, Field: clientCertificate,
		Message: baseMessage + " It demands a client certificate: give certificate and private_key.",
	}
}
