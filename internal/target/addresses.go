package target

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/idna"
)

// Addresses says which IP addresses connections to target systems may have, for a control plane that many people use: none of
// them may reach with it what only its machine can reach. Public addresses are allowed. Private and loopback addresses can be
// allowed. Others, such as those of the clouds' metadata services, are refused always.
type Addresses struct {
	private  bool
	prefixes []netip.Prefix
	hosts    []string
	proxy    *url.URL
}

// Allowed reports whether a connection to a host may have an address that the host resolved to; the error is an *[AddressError].
func (a *Addresses) Allowed(host string, ip netip.Addr) error {
	class := classOf(ip)
	switch {
	case class.name == "":
		return nil
	case class.private && a.allows(host, ip):
		return nil
	}
	return &AddressError{Host: host, Address: ip, Class: class.name, Private: class.private}
}

// allows reports whether a setting allows a private or loopback address.
func (a *Addresses) allows(host string, ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	return a.private || slices.ContainsFunc(a.prefixes, func(p netip.Prefix) bool { return p.Contains(ip) }) ||
		slices.Contains(a.hosts, canonicalHost(host))
}

// ListsLoopback reports whether the settings list a loopback address, or localhost. Only then is http right on this machine, for
// stand-ins in tests: to allow all private addresses must not open what else listens there, such as the metrics of the
// control plane itself.
func (a *Addresses) ListsLoopback() bool {
	return slices.ContainsFunc(a.prefixes, func(p netip.Prefix) bool { return p.Addr().IsLoopback() }) ||
		slices.ContainsFunc(a.hosts, isLoopback)
}

// allowsHost checks the host of an address before a name is resolved, or left to a proxy. The error is an *[AddressError].
func (a *Addresses) allowsHost(host string) error {
	name := canonicalHost(host)
	ip, err := netip.ParseAddr(name)
	switch {
	case err == nil:
		return a.Allowed(host, ip)
	case endsInNumber(name) || !isASCII(name):
		return &AddressError{Host: host}
	case name == "localhost" || strings.HasSuffix(name, ".localhost"): // RFC 6761, 6.3: names for loopback addresses
		if err := a.Allowed(host, netip.IPv6Loopback()); err == nil {
			return nil
		}
		return a.Allowed(host, netip.AddrFrom4([4]byte{127, 0, 0, 1}))
	}
	return nil
}

// Proxy is the proxy of all calls to target systems; nil without one. It has the user name and the password, if there are any.
func (a *Addresses) Proxy() *url.URL { return a.proxy }

// AddressError reports that an address is not one for connections to target systems.
type AddressError struct {
	// Host is the host that was called: a name or an address.
	Host string
	// Address is what it leads to; not valid if the host is an address in a form that is not accepted.
	Address netip.Addr
	// Class says what the address is, such as private; empty if Address is not valid.
	Class Own
	// Private means that a setting of the control plane can allow the address.
	Private bool
}

// Error completes a sentence about a field or an address.
func (e *AddressError) Error() string {
	switch {
	case e.Class == "":
		return fmt.Sprintf("must have the name of a host, or an address in its usual form, which %q is not", e.Host)
	case e.Private:
		return fmt.Sprintf("must not lead to the %s address %s, unless the control plane is started with --allow-target %s or "+
			"--allow-private-targets", e.Class, e.Address, e.Host)
	}
	return fmt.Sprintf("must not lead to the %s address %s; no setting allows such an address", e.Class, e.Address)
}

// canonicalHost returns the host as net/http calls it. Some letters that are not ASCII stand for digits and dots.
func canonicalHost(host string) string {
	if !isASCII(host) {
		if ascii, err := idna.Lookup.ToASCII(host); err == nil {
			host = ascii
		}
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

func isASCII(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r > 127 }) }

// endsInNumber reports whether programs may read a host as an IPv4 address, such as 2130706433, 0x7f.1 or 0177.0.0.1
// (https://url.spec.whatwg.org/#ends-in-a-number-checker). Top-level domains have letters.
func endsInNumber(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	if digits, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(digits, "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}
