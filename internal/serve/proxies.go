package serve

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// proxies are the addresses of trusted proxies.
type proxies []netip.Prefix

// ParseProxies reads addresses such as 10.0.0.0/8 or 192.0.2.7.
func ParseProxies(texts []string) ([]netip.Prefix, error) {
	var list []netip.Prefix
	for _, text := range texts {
		text = strings.TrimSpace(text)
		prefix, err := netip.ParsePrefix(text)
		if address, addressErr := netip.ParseAddr(text); addressErr == nil {
			prefix, err = netip.PrefixFrom(address, address.BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %q is not an address or a network such as 10.0.0.0/8", Flag("trusted-proxies"), text)
		}
		list = append(list, prefix.Masked())
	}
	return list, nil
}

func (p proxies) contain(address netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(address) {
			return true
		}
	}
	return false
}

// resolve puts the client's own address into each request that comes through trusted proxies, and the scheme that the client used
// into its context. Each proxy appends the address of its peer to X-Forwarded-For. So the list is read from its right end: the
// first address that is not a trusted proxy is the client, and what stands to the left of it can be the client's invention.
func (p proxies) resolve(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure := r.TLS != nil
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err == nil && p.contain(peer.Addr().Unmap()) {
			client, hops := p.client(peer.Addr().Unmap(), listOf(r.Header, "X-Forwarded-For"))
			if client != peer.Addr().Unmap() {
				r.RemoteAddr = net.JoinHostPort(client.String(), "0") // the port is not known
			}
			if schemes := listOf(r.Header, "X-Forwarded-Proto"); len(schemes) > 0 {
				secure = strings.EqualFold(schemes[max(0, len(schemes)-1-hops)], "https")
			}
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), secureKey{}, secure)))
	})
}

// client returns the address of the client, and how many further trusted proxies are between it and the peer.
func (p proxies) client(peer netip.Addr, forwarded []string) (client netip.Addr, hops int) {
	client = peer
	for i, text := range slices.Backward(forwarded) {
		address, ok := parseForwarded(text)
		if !ok {
			break
		}
		client = address
		if !p.contain(address) {
			break
		}
		if i > 0 {
			hops++
		}
	}
	return client, hops
}

// parseForwarded reads an address that some proxies write with a port.
func parseForwarded(text string) (netip.Addr, bool) {
	if address, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return address.Unmap().WithZone(""), true
	}
	withPort, err := netip.ParseAddrPort(text)
	return withPort.Addr().Unmap().WithZone(""), err == nil
}

// listOf returns the elements of a header that is a list, which can be sent several times.
func listOf(h http.Header, name string) []string {
	var list []string
	for _, line := range h.Values(name) {
		for element := range strings.SplitSeq(line, ",") {
			list = append(list, strings.TrimSpace(element))
		}
	}
	return list
}

type secureKey struct{}

// isSecure reports whether the client reached this server, or a trusted proxy before it, over TLS.
func isSecure(r *http.Request) bool {
	secure, _ := r.Context().Value(secureKey{}).(bool)
	return secure
}
