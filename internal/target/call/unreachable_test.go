package call_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

func TestUnreachable(t *testing.T) {
	t.Parallel()
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	verify := func(err error) error { return &tls.CertificateVerificationError{Err: err} }
	for name, test := range map[string]struct {
		err     error
		want    target.Code
		field   string
		message string
	}{
		"no host": {
			dial(&net.DNSError{Name: "h.invalid", IsNotFound: true}), target.SystemNotAvailable, "",
			"There is no host named h.invalid.",
		},
		"no DNS": {
			dial(&net.DNSError{Name: "h", Err: "server misbehaving"}), target.SystemNotAvailable, "",
			"could not be resolved: Server misbehaving.",
		},
		"refused": {dial(syscall.ECONNREFUSED), target.SystemNotAvailable, "", "The connection to mail.example.com:443 was refused."},
		"no route": {
			dial(os.NewSyscallError("connect", syscall.EHOSTUNREACH)), target.SystemNotAvailable, "",
			"no route to host.",
		},
		"slow dial": {
			dial(context.DeadlineExceeded), target.SystemNotAvailable, "",
			"No connection to mail.example.com:443 could be made in time.",
		},
		"timeout": {
			dial(os.ErrDeadlineExceeded), target.SystemNotAvailable, "", "No connection to mail.example.com:443 could be made in time.",
		},
		"no response": {
			fmt.Errorf("%w (30s)", call.ErrResponseTimeout), target.SystemNotAvailable, "",
			"No complete response from mail.example.com:443 arrived in time.",
		},
		"deadline": {
			context.DeadlineExceeded, target.SystemNotAvailable, "",
			"No complete response from mail.example.com:443 arrived in time.",
		},
		"closed": {io.EOF, target.SystemNotAvailable, "", "The connection to mail.example.com:443 broke before"},
		"cut":    {io.ErrUnexpectedEOF, target.SystemNotAvailable, "", "The connection to mail.example.com:443 broke before"},
		"reset":  {dial(syscall.ECONNRESET), target.SystemNotAvailable, "", "The connection to mail.example.com:443 broke before"},
		"no TLS": {
			tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"},
			target.SystemNotAvailable, "", "The TLS handshake with mail.example.com:443 failed",
		},
		"TLS alert": {
			&net.OpError{Op: "remote error", Err: errors.New("tls: handshake failure")}, target.SystemNotAvailable, "",
			"The TLS handshake with mail.example.com:443 failed",
		},
		"TLS version": {
			errors.New("tls: server selected unsupported protocol version 301"), target.SystemNotAvailable, "",
			"The TLS handshake with mail.example.com:443 failed",
		},
		"HTTP": {
			errors.New("http: server gave HTTP response to HTTPS client"), target.SystemNotAvailable, "",
			"The TLS handshake with mail.example.com:443 failed",
		},
		"proxy": {
			&net.OpError{Op: "proxyconnect", Net: "tcp", Err: syscall.ECONNREFUSED}, target.SystemNotAvailable,
			"", "The proxy cannot be reached",
		},
		"something":    {errors.New("something odd"), target.SystemNotAvailable, "", "Something odd."},
		"not in ASCII": {errors.New("état inconnu"), target.SystemNotAvailable, "", "État inconnu."},
		"with an end":  {net.UnknownNetworkError("odd."), target.SystemNotAvailable, "", "Unknown network odd."},
		"untrusted": {
			verify(x509.UnknownAuthorityError{}), target.Misconfigured, "ca_certificate",
			"The certificate of mail.example.com:443 is signed by an authority that is not trusted",
		},
		"other name": {
			verify(x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"a.example.com"}}, Host: "b.example.com"}),
			target.Misconfigured, "url", "The certificate of mail.example.com:443 is for another host: ",
		},
		"expired": {
			verify(x509.CertificateInvalidError{Reason: x509.Expired}), target.Misconfigured, "url",
			"The certificate of mail.example.com:443 has expired",
		},
		"other reason": {
			verify(x509.CertificateInvalidError{Reason: x509.TooManyIntermediates}), target.Misconfigured, "url",
			"is not valid",
		},
		"redirect": {
			&call.RedirectError{To: "https://x.example.com/"}, target.Misconfigured, "url",
			"redirects to https://x.example.com/.",
		},
		"redirect to nothing": {
			errors.New(`failed to parse Location header "https://canary/ /": invalid character " " in host name`),
			target.Misconfigured, "url", "redirects to something that is not an address.",
		},
		"too large": {&call.ResponseTooLargeError{Status: 200, Limit: 4 << 20}, target.Misconfigured, "url", "larger than 4 MiB"},
		"large error": {
			&call.ResponseTooLargeError{Status: 502, Limit: 4 << 20}, target.SystemNotAvailable, "", "larger than 4 MiB",
		},
		"not allowed": {
			fmt.Errorf("%w: it must start with https://", call.ErrAddress), target.Misconfigured, "url",
			"must start with https://",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fault := classifier().Unreachable(&url.Error{Op: "Post", URL: "https://mail.example.com/?token=canary", Err: test.err})
			if fault.Code != test.want || fault.Field != test.field || !fault.Message.Contains(test.message) {
				t.Errorf("got %s, field %q, %q", fault.Code, fault.Field, fault.Message)
			}
			if fault.Message.Contains("canary") || !strings.HasSuffix(fault.Message.String(), ".") {
				t.Errorf("not safe to show: %q", fault.Message)
			}
			if !errors.Is(fault, test.err) {
				t.Error("the cause is lost")
			}
		})
	}
}
