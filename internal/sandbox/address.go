package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
)

// site is one of the addresses of a host.
type site struct{ name, address string }

// freePort is the default address of a site.
const freePort = "127.0.0.1:0"

// ErrNotLoopback is the error for an address that other machines could reach.
var ErrNotLoopback = errors.New("a stand-in listens on loopback only")

// setAddresses sets the address of each site.
func (h *Host) setAddresses(options Options, names []string) error {
	for name := range options.Sites {
		if !slices.Contains(names, name) {
			return fmt.Errorf("unknown site %q", name)
		}
	}
	h.sites = []*site{{address: options.Address}}
	for _, name := range names {
		h.sites = append(h.sites, &site{name: name, address: options.Sites[name]})
	}
	for _, s := range h.sites {
		s.address = cmp.Or(s.address, freePort)
		if err := CheckLoopback(s.address); err != nil {
			return err
		}
	}
	return nil
}

// CheckLoopback returns [ErrNotLoopback] unless the host of address is a loopback address or localhost.
func CheckLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("address %q: %w", address, err)
	}
	ip, err := netip.ParseAddr(host)
	if host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return fmt.Errorf("address %q: %w", address, ErrNotLoopback)
	}
	return nil
}
