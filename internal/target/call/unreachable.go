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

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Unreachable returns the fault of a call without a response.
func (c Classifier) Unreachable(err error) *target.Fault {
	fault := &target.Fault{Code: target.SystemNotAvailable, Cause: err}
	var (
		redirect *RedirectError
		large    *ResponseTooLargeError
		refused  *ProxyError
		address  *target.AddressError
	)
	switch {
	case errors.As(err, &refused):
		fault = refusedByProxy(refused)
		fault.Cause = err
	case c.describeCertificateError(fault, err):
	case errors.As(err, &redirect):
		fault.Code, fault.Field = target.Misconfigured, c.Address
		fault.Message = target.Say("The address redirects to %s. Redirects to another host are not followed; "+
			"if that is the right address, set %s to it.", redirect.To, target.Own(c.Address))
	case errors.Is(err, errTooManyRedirects):
		fault.Code, fault.Field = target.Misconfigured, c.Address
		fault.Message = target.Say("The address redirects more than %d times.", maxRedirects)
	case strings.HasPrefix(innermost(err).Error(), "failed to parse Location header"): // its text quotes the address twice
		fault.Code, fault.Field = target.Misconfigured, c.Address
		fault.Message = target.Say("The address redirects to something that is not an address.")
	case errors.As(err, &large):
		if statusCode(large.Status) != target.SystemNotAvailable {
			fault.Code, fault.Field = target.Misconfigured, c.Address
		}
		fault.Message = sentence(large)
	case errors.Is(err, errSwitched):
		fault.Code, fault.Field = target.Misconfigured, c.Address
		fault.Message = sentence(errSwitched)
	case errors.As(err, &address):
		fault.Code, fault.Field = target.Misconfigured, c.Address
		fault.Message, fault.Hint = describeAddress(address)
	case errors.Is(err, ErrAddress):
		fault.Code, fault.Field = target.Misconfigured, c.Address
		fault.Message = sentence(innermost(err))
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
		fault.Message = target.Say("The certificate of %s is signed by an authority that is not trusted.", server(err))
	case errors.As(err, &name):
		fault.Field = c.Address
		fault.Message = target.Say("The certificate of %s is for another host: %s", server(err), sentence(name))
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		fault.Field = c.Address
		fault.Message = target.Say("The certificate of %s has expired or is not yet valid.", server(err))
	case errors.As(err, &failed):
		fault.Field = c.Address
		fault.Message = target.Say("The certificate of %s is not valid: %s", server(err), sentence(failed.Err))
	default:
		return false
	}
	fault.Code = target.Misconfigured
	return true
}

func describeUnreachable(err error) target.Text {
	var (
		dns     *net.DNSError
		op      *net.OpError
		timeout interface{ Timeout() bool }
	)
	// A dialer's own timeout is a context.DeadlineExceeded too, so it comes before the timeouts of whole calls.
	connecting := errors.As(err, &op) && op.Op == "dial" && op.Timeout()
	switch {
	case op != nil && op.Op == "proxyconnect":
		return target.Say("The proxy cannot be reached: %s", sentence(innermost(op.Err)))
	case errors.As(err, &dns) && dns.IsNotFound:
		return target.Say("There is no host named %s.", dns.Name)
	case errors.As(err, &dns):
		return target.Say("The name %s could not be resolved: %s", dns.Name, target.Sentence(dns.Err))
	case connecting:
		return target.Say("No connection to %s could be made in time.", server(err))
	case errors.Is(err, ErrResponseTimeout), errors.Is(err, context.DeadlineExceeded):
		return target.Say("No complete response from %s arrived in time.", server(err))
	case errors.Is(err, syscall.ECONNREFUSED):
		return target.Say("The connection to %s was refused.", server(err))
	case errors.As(err, &timeout) && timeout.Timeout():
		return target.Say("No connection to %s could be made in time.", server(err))
	case handshakeFailure(err) != nil:
		return target.Say("The TLS handshake with %s failed: %s", server(err), sentence(handshakeFailure(err)))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET),
		errors.Is(err, syscall.EPIPE):
		return target.Say("The connection to %s broke before the response was complete.", server(err))
	}
	return sentence(innermost(err))
}

// server is the host and port that was called. The address of a call that failed is in the error of net/http.
func server(err error) string {
	if call, ok := errors.AsType[*url.Error](err); ok {
		if hostPort := target.HostPort(call.URL); hostPort != "" {
			return hostPort
		}
	}
	return "the server"
}

// handshakeFailure returns the reason of a failed TLS handshake; nil if the error is not about that. Alerts of the
// server can arrive during any operation of net/http.
func handshakeFailure(err error) error {
	var (
		op     *net.OpError
		record tls.RecordHeaderError
		text   = innermost(err).Error()
	)
	switch {
	case errors.As(err, &op) && op.Op == "remote error":
		return op
	case errors.As(err, &record), strings.HasPrefix(text, "tls: "), strings.Contains(text, "server gave HTTP response"):
		return innermost(err)
	}
	return nil
}

// innermost removes what net/http adds to an error: the method and the address of the call.
func innermost(err error) error {
	if call, ok := errors.AsType[*url.Error](err); ok {
		return call.Err
	}
	return err
}

// sentence makes a sentence of an error's text, which can contain foreign words.
func sentence(err error) target.Text { return target.Say("%s", target.Sentence(err.Error())) }
