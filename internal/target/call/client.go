package call

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// UserAgent names this program to every target system: in their logs, and where policies admit or refuse programs by name.
const UserAgent = "terraform-provider-riva"

// OptionalCallTimeout bounds a call without which a session can do: whose answer only adds to what is told, or that only tidies up.
const OptionalCallTimeout = 5 * time.Second

const (
	defaultConnectTimeout  = 10 * time.Second
	defaultResponseTimeout = 30 * time.Second
)

// Client makes a client for the calls of one session of an account, which trusts the certificates of the setting
// [CACertificate] as well and shows the account's own (see [NewClient]). The error is a *[Fault].
func Client(a target.Account, certificates ...tls.Certificate) (*http.Client, error) {
	client, err := NewClient(a.Network, a.Setting(target.CACertificate), certificates...)
	if err != nil {
		return nil, &target.Fault{Code: target.Misconfigured, Field: target.CACertificate, Message: "No certificate can be read in it.", Cause: err}
	}
	return client, nil
}

// NewClient makes a client for the calls of one session, which go where the network allows. It has connections of its own, because some systems sign in
// connections rather than requests; give them up with CloseIdleConnections. It speaks HTTP/1.1 for the same reason.
//
// The certificates in caCertificate (PEM; may be empty) are trusted in addition to those of the operating system. The
// first of the client's own certificates is shown to servers that ask for one, whichever authorities they accept: held
// back, it would look like none, and nobody would learn what is wrong with it.
//
// The client names this program in every call ([UserAgent]). It reads every answer whole before it returns it, so that
// time and size of an answer are bounded once for all systems (see [ReadResponse]).
func NewClient(n target.Network, caCertificate string, certificates ...tls.Certificate) (*http.Client, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if len(certificates) > 0 {
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &certificates[0], nil }
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
	return &http.Client{Transport: newTransport(withDefaults(n), config), CheckRedirect: checkRedirect}, nil
}

func withDefaults(n target.Network) target.Network {
	if n.ConnectTimeout <= 0 {
		n.ConnectTimeout = defaultConnectTimeout
	}
	if n.ResponseTimeout <= 0 {
		n.ResponseTimeout = defaultResponseTimeout
	}
	return n
}
