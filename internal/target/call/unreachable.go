package call

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Unreachable returns the fault of a call without a response.
func (c Classifier) Unreachable(err error) *target.Fault {
	fault := &target.Fault{Code: target.SystemNotAvailable, Cause: err}
	var (
		redirect *RedirectError
		large    *ResponseTooLargeError
	)
	switch {
	case c.describeCertificateError(fault, err):
	case errors.As(err, &redirect):
		fault.Code, fault.Field = target.Misconfigured, c.Address
		fault.Message = "The address redirects to " + redirect.To + ". Redirects to another host are not followed; " +
			"if that is the right address, set " + c.Address + " to it."
	case errors.Is(err, errTooManyRedirects):
		fault.Code, fault.Field = target.Misconfigured, c.Address
		fault.Message = "The address " + errTooManyRedirects.Error() + "."
	case strings.HasPrefix(innermost(err).Error(), "failed to parse Location header"): // its text quotes the address twice
		fault.Code, fault.Field = target.Misconfigured, c.Address
		fault.Message = "The address redirects to something that is not an address."
	case errors.As(err, &large):
		if statusCode(large.Status) != target.SystemNotAvailable {
			fault.Code, fault.Field = target.Misconfigured, c.Address
		}
		fault.Message = sentence(large.Error())
	case errors.Is(err, errSwitched):
		fault.Code, fault.Field = target.Misconfigured, c.Address
		fault.Message = sentence(errSwitched.Error())
	case errors.Is(err, ErrAddress):
		fault.Code, fault.Field = target.Misconfigured, c.Address
		fault.Message = sentence(innermost(err).Error())
	default:
		fault.Message = describeUnreachable(err)
	}
	return fault
}

// describeCertificateError completes the fault if the error is about the server's certificate.
func (c Classifier) describeCertificateError(fault *target.Fault, err error) bool {
	var (
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		failed  *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &unknown):
		fault.Field = target.CACertificate
		fault.Message = "The certificate of the server is signed by an authority that is not trusted."
	case errors.As(err, &name):
		fault.Field = c.Address
		fault.Message = "The certificate of the server is for another host: " + sentence(name.Error())
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		fault.Field = c.Address
		fault.Message = "The certificate of the server has expired or is not yet valid."
	case errors.As(err, &failed):
		fault.Field = c.Address
		fault.Message = "The certificate of the server is not valid: " + sentence(failed.Err.Error())
	default:
		return false
	}
	fault.Code = target.Misconfigured
	return true
}

func describeUnreachable(err error) string {
	var (
		dns     *net.DNSError
		op      *net.OpError
		timeout interface{ Timeout() bool }
	)
	// A dialer's own timeout is a context.DeadlineExceeded too, so it comes before the timeouts of whole calls.
	connecting := errors.As(err, &op) && op.Op == "dial" && op.Timeout()
	switch {
	case op != nil && op.Op == "proxyconnect":
		return "The proxy of the environment cannot be reached: " + sentence(innermost(op.Err).Error())
	case errors.As(err, &dns) && dns.IsNotFound:
		return "There is no host named " + dns.Name + "."
	case errors.As(err, &dns):
		return "The name " + dns.Name + " could not be resolved: " + sentence(dns.Err)
	case connecting:
		return "No connection could be made in time."
	case errors.Is(err, ErrResponseTimeout), errors.Is(err, context.DeadlineExceeded):
		return "There was no complete response in time."
	case errors.Is(err, syscall.ECONNREFUSED):
		return "The connection was refused."
	case errors.As(err, &timeout) && timeout.Timeout():
		return "No connection could be made in time."
	case handshakeFailure(err) != "":
		return "The TLS handshake failed: " + handshakeFailure(err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET),
		errors.Is(err, syscall.EPIPE):
		return "The connection broke before the response was complete."
	}
	return sentence(innermost(err).Error())
}

// handshakeFailure returns a sentence about the failure of a TLS handshake; empty if the error is not about that. Alerts of the
// server can arrive during any operation of net/http.
func handshakeFailure(err error) string {
	var (
		op     *net.OpError
		record tls.RecordHeaderError
		text   = innermost(err).Error()
	)
	switch {
	case errors.As(err, &op) && op.Op == "remote error":
		return sentence(op.Error())
	case errors.As(err, &record), strings.HasPrefix(text, "tls: "), strings.Contains(text, "server gave HTTP response"):
		return sentence(text)
	}
	return ""
}

// innermost removes what net/http adds to an error: the method and the address of the call.
func innermost(err error) error {
	if call, ok := errors.AsType[*url.Error](err); ok {
		return call.Err
	}
	return err
}

// sentence makes a sentence of an error's text.
func sentence(text string) string {
	if text == "" {
		return text
	}
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + strings.TrimSuffix(text[size:], ".") + "."
}
