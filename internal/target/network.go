package target

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

// CACertificate is the name of the field with certificates to trust in addition, in all systems that have one.
const CACertificate = "ca_certificate"

// Network says where calls to target systems may go and how long they may take.
//
// Calls go to https addresses only. With LoopbackHTTP they also go to http addresses of this machine, which the stand-ins
// use. Redirects are followed to the same scheme, host and port only, so credentials are never sent elsewhere.
type Network struct {
	// Addresses limits the IP addresses of connections, and has the only proxy. Nil allows all addresses, which is right for a
	// control plane that only its own user calls; then the proxy for https is that of the environment.
	Addresses *Addresses
	// LoopbackHTTP allows http for hosts that are this machine. A control plane that many people use sets it for stand-ins only
	// ([Addresses.ListsLoopback]).
	LoopbackHTTP bool
	// ConnectTimeout limits the connect, and separately the TLS handshake; zero means 10 seconds.
	ConnectTimeout time.Duration
	// ResponseTimeout limits one response, from the request on an open connection to the last byte; zero means 30 seconds.
	ResponseTimeout time.Duration
}

// Allows returns an error if a call may not go to an address. Where the name of its host leads is checked when connecting.
func (n Network) Allows(u *url.URL) error {
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && n.LoopbackHTTP:
		if !isLoopback(u.Hostname()) {
			return errors.New("must start with https://; http:// is for loopback hosts such as 127.0.0.1 only")
		}
	case u.Scheme == "http" && n.Addresses != nil && isLoopback(u.Hostname()):
		return fmt.Errorf("must start with https://, unless the control plane is started with --allow-target %s", u.Hostname())
	default:
		return errors.New("must start with https://")
	}
	if n.Addresses == nil {
		return nil
	}
	return n.Addresses.allowsHost(u.Hostname())
}

// MayBeStandIn reports whether a host may be a stand-in for a target system: one on this machine, where the network allows those.
func (n Network) MayBeStandIn(host string) bool { return n.LoopbackHTTP && isLoopback(host) }

// isLoopback reports whether a host is this machine, by name or by address. RFC 6761 reserves localhost for it.
func isLoopback(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback()
	}
	return strings.EqualFold(host, "localhost")
}
