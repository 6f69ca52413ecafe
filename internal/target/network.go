package target

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// UserAgent names this program to every target system: in their logs, and where policies admit or refuse programs by name.
const UserAgent = "terraform-provider-riva"

// Patience bounds a call without which a session can do: whose answer only adds to what is told, or that only tidies up.
const Patience = 5 * time.Second

const (
	defaultConnectTimeout = 10 * time.Second
	defaultAnswerTimeout  = 30 * time.Second
	maxRedirects          = 10
)

// Network says where calls to target systems may go and how long they may take.
//
// Calls go to https addresses only; with LoopbackHTTP also to http addresses of this machine, which is what the stand-in
// systems of a first try-out have. Redirects are followed to the same scheme, host and port only, so that credentials
// never travel elsewhere. Proxies are taken from the environment, for https.
type Network struct {
	// LoopbackHTTP allows http for hosts that are this machine.
	LoopbackHTTP bool
	// ConnectTimeout bounds connecting, and once more the TLS handshake; zero means 10 seconds.
	ConnectTimeout time.Duration
	// AnswerTimeout bounds one answer, from the request on an open connection to its last byte; zero means 30 seconds.
	AnswerTimeout time.Duration
}

// Client makes a client for the calls of one session. It has connections of its own, because some systems sign in
// connections rather than requests; give them up with CloseIdleConnections. It speaks HTTP/1.1 for the same reason.
//
// The certificates in caCertificate (PEM; may be empty) are trusted in addition to those of the operating system. The
// first of the client's own certificates is shown to servers that ask for one, whichever authorities they accept: held
// back, it would look like none, and nobody would learn what is wrong with it.
//
// The client names this program in every call ([UserAgent]). It reads every answer whole before it returns it, so that
// time and size of an answer are bounded once for all systems (see [ReadAnswer]).
func (n Network) Client(caCertificate string, own ...tls.Certificate) (*http.Client, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if len(own) > 0 {
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &own[0], nil }
		// IIS asks for one only when it has seen the request, and with TLS 1.2 by negotiating once more.
		config.Renegotiation = tls.RenegotiateOnceAsClient
	}
	if caCertificate != "" {
		roots, err := x509.SystemCertPool()
		if err != nil {
			roots = x509.NewCertPool() // a machine without roots of its own; the given ones may be all it takes
		}
		if !roots.AppendCertsFromPEM([]byte(caCertificate)) {
			return nil, errors.New("ca_certificate holds no certificate")
		}
		config.RootCAs = roots
	}
	return &http.Client{Transport: newTransport(n.withDefaults(), config), CheckRedirect: checkRedirect}, nil
}

// allows says whether a call may go to an address at all. Where an http address really leads is checked once more when
// connecting.
func (n Network) allows(u *url.URL) error {
	switch {
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && n.LoopbackHTTP:
		if isLoopback(u.Hostname()) {
			return nil
		}
		return errors.New("must start with https://; http:// is for loopback hosts such as 127.0.0.1 only")
	}
	return errors.New("must start with https://")
}

func (n Network) withDefaults() Network {
	if n.ConnectTimeout <= 0 {
		n.ConnectTimeout = defaultConnectTimeout
	}
	if n.AnswerTimeout <= 0 {
		n.AnswerTimeout = defaultAnswerTimeout
	}
	return n
}

// isLoopback tells hosts that are this machine by name or by address. RFC 6761 reserves localhost for it.
func isLoopback(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback()
	}
	return strings.EqualFold(host, "localhost")
}

// RedirectError says that a system sent a call elsewhere. The call was not sent there.
type RedirectError struct {
	// To is the place, without what it carries as query.
	To string
}

// RedirectTo is the error of a call that is sent to an address, which may carry secrets.
func RedirectTo(address *url.URL) *RedirectError {
	to := *address
	to.User, to.RawQuery, to.Fragment = nil, "", ""
	return &RedirectError{To: to.String()}
}

func (e *RedirectError) Error() string { return "redirects to " + e.To + ", which is not followed" }

// errRedirects is a call that the system sends round and round.
var errRedirects = fmt.Errorf("redirects more than %d times", maxRedirects)

// checkRedirect keeps calls, and the credentials in them, where the connection says that they belong.
func checkRedirect(next *http.Request, via []*http.Request) error {
	if first := via[0].URL; CanonicalURL(origin(first)) != CanonicalURL(origin(next.URL)) {
		return RedirectTo(next.URL)
	}
	if len(via) >= maxRedirects {
		return errRedirects
	}
	return nil
}

func origin(u *url.URL) string { return u.Scheme + "://" + u.Host }
