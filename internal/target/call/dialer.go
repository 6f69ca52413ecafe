package call

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"syscall"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// controlFunc checks a connection before it is made, as in [net.Dialer.ControlContext]. The address is an IP address and a port:
// it is called for each address that a name resolved to, so a name that leads elsewhere the next time gains nothing.
type controlFunc func(ctx context.Context, network, address string, c syscall.RawConn) error

// secureDialer dials for https. With a proxy of the network's own, all connections are to that proxy, which may be anywhere.
func secureDialer(n target.Network, dialer net.Dialer) dialFunc {
	if n.Addresses != nil && n.Addresses.Proxy() == nil {
		return checkedDialer(dialer, allowedOnly(n.Addresses))
	}
	return dialer.DialContext
}

// plainDialer dials for http, to this machine.
func plainDialer(n target.Network, dialer net.Dialer) dialFunc {
	if n.Addresses == nil {
		return checkedDialer(dialer, loopbackOnly)
	}
	allowed := allowedOnly(n.Addresses)
	return checkedDialer(dialer, func(ctx context.Context, network, address string, c syscall.RawConn) error {
		if err := loopbackOnly(ctx, network, address, c); err != nil {
			return err
		}
		return allowed(ctx, network, address, c)
	})
}

// hostKey is the context key of the host that is dialed.
type hostKey struct{}

// checkedDialer dials with a check that can find the host in its context.
func checkedDialer(dialer net.Dialer, check controlFunc) dialFunc {
	dialer.ControlContext = check
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if host, _, err := net.SplitHostPort(address); err == nil {
			ctx = context.WithValue(ctx, hostKey{}, host)
		}
		return dialer.DialContext(ctx, network, address)
	}
}

// allowedOnly rejects connections to addresses that are not allowed.
func allowedOnly(addresses *target.Addresses) controlFunc {
	return func(ctx context.Context, _, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrAddress, err)
		}
		host, ok := ctx.Value(hostKey{}).(string)
		if !ok {
			host = to.Addr().String()
		}
		if err := addresses.Allowed(host, to.Addr()); err != nil {
			return fmt.Errorf("%w: it %w", ErrAddress, err)
		}
		return nil
	}
}

// loopbackOnly rejects connections to any machine but this one, whatever a name resolved to.
func loopbackOnly(_ context.Context, _, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("%w: http is for loopback hosts only, and this host is another machine", ErrAddress)
	}
	return nil
}

// describeAddress says why no connection was made, and what to do about it.
func describeAddress(e *target.AddressError) (message target.Text, hint string) {
	switch {
	case e.Class == "":
		return target.Say("The host %q is an address in a form that is not accepted.", e.Host),
			"Write the name of the host, or its address in the usual form: four decimal numbers for IPv4."
	case e.Private:
		return target.Say("No connection was made, because %s leads to the %s address %s.", e.Host, e.Class, e.Address.String()),
			"If the address is right, ask the administrators of the control plane to allow it: they start the control plane with " +
				"--allow-target and this host or its network, or with --allow-private-targets."
	}
	return target.Say("No connection was made, because %s leads to the %s address %s.", e.Host, e.Class, e.Address.String()),
		"Correct the address, or what its name leads to in DNS. The control plane never connects to such addresses, and no setting " +
			"allows them."
}
