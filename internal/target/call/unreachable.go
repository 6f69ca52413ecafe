package call

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"
)

func describeUnreachable(err error) string {
	var (
		dns     *net.DNSError
		op      *net.OpError
		timeout interface{ Timeout() bool }
	)
	// A dialer's own time-out is a context.DeadlineExceeded too, so it comes before those of whole calls.
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
		return "There was no complete answer in time."
	case errors.Is(err, syscall.ECONNREFUSED):
		return "The connection was refused."
	case errors.As(err, &timeout) && timeout.Timeout():
		return "No connection could be made in time."
	case handshakeFailure(err) != "":
		return "The TLS handshake failed: " + handshakeFailure(err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET),
		errors.Is(err, syscall.EPIPE):
		return "The connection broke off before the answer was complete."
	}
	return sentence(innermost(err).Error())
}

// handshakeFailure is a sentence on why a TLS handshake failed; empty if it is not about that. Alerts of the server come
// under whatever net/http was doing when they arrived.
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

// innermost leaves out what net/http writes around an error: method and address of the call.
func innermost(err error) error {
	if call, ok := errors.AsType[*url.Error](err); ok {
		return call.Err
	}
	return err
}

// sentence makes an error's text one.
func sentence(text string) string {
	if text == "" {
		return text
	}
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + strings.TrimSuffix(text[size:], ".") + "."
}
