package call

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// UserAgent identifies this program to every target system: in their logs, and in policies that allow or block programs by
// name.
const UserAgent = "terraform-provider-riva"

const (
	defaultConnectTimeout  = 10 * time.Second
	defaultResponseTimeout = 30 * time.Second
)

// NewClient makes a client for the calls of one session, which go where the network allows. It has connections of its own,
// because some systems authenticate connections instead of requests; close them with CloseIdleConnections. It speaks HTTP/1.1
// for the same reason.
//
// The certificates in caCertificate (PEM; may be empty) are trusted in addition to those of the operating system. The first of
// the client's own certificates is presented to every server that requests one, see [ownCertificate].
//
// The client identifies this program in every call ([UserAgent]). It reads every response completely before it returns it, so
// time and size of a response are limited once for all systems (see [ReadResponse]).
func NewClient(n target.Network, caCertificate string, certificates ...tls.Certificate) (*http.Client, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	var own *ownCertificate
	if len(certificates) > 0 {
		own = new(ownCertificate)
		own.use(config, certificates[0])
	}
	if caCertificate != "" {
		roots, err := x509.SystemCertPool()
		if err != nil {
			roots = x509.NewCertPool() // a machine without roots of its own; the configured ones may be enough
		}
		if !roots.AppendCertsFromPEM([]byte(target.RepairPEM(caCertificate))) {
			return nil, errors.New("ca_certificate contains no certificate")
		}
		config.RootCAs = roots
	}
	n = withDefaults(n)
	dialer := net.Dialer{Timeout: n.ConnectTimeout, KeepAlive: 30 * time.Second}
	return &http.Client{Transport: newTransport(n, dialer, config, own), CheckRedirect: checkRedirect}, nil
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
