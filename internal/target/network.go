package target

import (
	"errors"
	"net"
	"net/url"
	"strings"
	"time"
)

// CACertificate is the name of the field, of the systems that have it, with the certificates to trust in addition.
const CACertificate = "ca_certificate"

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
	// ResponseTimeout bounds one answer, from the request on an open connection to its last byte; zero means 30 seconds.
	ResponseTimeout time.Duration
}

// Allows says whether a call may go to an address at all. Where an http address really leads is checked once more when
// connecting.
func (n Network) Allows(u *url.URL) error {
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

// isLoopback tells hosts that are this machine by name or by address. RFC 6761 reserves localhost for it.
func isLoopback(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback()
	}
	return strings.EqualFold(host, "localhost")
}
