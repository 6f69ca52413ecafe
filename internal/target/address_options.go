package target

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// AddressOptions are the settings of [Addresses], as a person writes them.
type AddressOptions struct {
	// AllowPrivate (--allow-private-targets) allows all private and loopback addresses.
	AllowPrivate bool
	// Allow (--allow-target) allows the private and loopback addresses of networks (10.1.0.0/16), addresses and hosts. See also
	// [Addresses.ListsLoopback].
	Allow []string
	// Proxy (--target-proxy) is the http or https address of the proxy of all calls to target systems; empty for none. It resolves
	// their names, so only hosts that are written as addresses can be checked.
	Proxy string
}

// NewAddresses reads the settings. Errors are one line that names the flag; none contains the password of the proxy.
func NewAddresses(o AddressOptions) (*Addresses, error) {
	a := &Addresses{private: o.AllowPrivate}
	for _, allowed := range o.Allow {
		if err := a.allow(strings.TrimSpace(allowed)); err != nil {
			return nil, fmt.Errorf("--allow-target %q: %w", allowed, err)
		}
	}
	if o.Proxy == "" {
		return a, nil
	}
	proxy, err := parseProxy(o.Proxy)
	if err != nil {
		return nil, fmt.Errorf("--target-proxy: %w", err)
	}
	a.proxy = proxy
	return a, nil
}

// allow adds a network, an address or a host.
func (a *Addresses) allow(text string) error {
	if ip, err := netip.ParseAddr(text); err == nil {
		return a.allowPrefix(netip.PrefixFrom(ip.WithZone(""), ip.BitLen()))
	}
	if prefix, err := netip.ParsePrefix(text); err == nil {
		return a.allowPrefix(prefix)
	}
	host := canonicalHost(text)
	if host == "" || strings.ContainsAny(host, "/:*@[]% \t") || !isASCII(host) || endsInNumber(host) {
		return errors.New("must be a network such as 10.1.0.0/16, an address, or the name of a host without a scheme and a port")
	}
	a.hosts = append(a.hosts, host)
	return nil
}

func (a *Addresses) allowPrefix(prefix netip.Prefix) error {
	if prefix.Addr().Is4In6() {
		return errors.New("must be written as an IPv4 address or network")
	}
	if masked := prefix.Masked(); masked != prefix {
		return fmt.Errorf("has an address within the network: write %s for the network, or the address alone", masked)
	}
	for _, r := range addressRanges {
		if !r.class.private && r.prefix.Bits() <= prefix.Bits() && r.prefix.Contains(prefix.Addr()) {
			return fmt.Errorf("has only %s addresses, which are refused always", r.class.name)
		}
	}
	a.prefixes = append(a.prefixes, prefix)
	return nil
}

// parseProxy reads the address of a proxy. It may have a user name and a password, so errors do not quote it.
func parseProxy(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Opaque != "":
		return nil, errors.New("must be the address of a proxy, such as http://proxy.example.com:3128")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("must be the address of a proxy without a path, such as http://proxy.example.com:3128")
	}
	if port := u.Port(); port != "" {
		if number, err := strconv.Atoi(port); err != nil || number < 1 || number > 65535 {
			return nil, errors.New("must have a port from 1 to 65535")
		}
	}
	return u, nil
}

// Notes are sentences about what the settings leave unchecked, for the log at the start.
func (a *Addresses) Notes() []string {
	if a.proxy == nil {
		return nil
	}
	return []string{"Calls to target systems go through the proxy " + a.proxy.Host + ", which resolves their names. The control " +
		"plane checks only hosts that are written as addresses, so the proxy must refuse connections to internal addresses."}
}
