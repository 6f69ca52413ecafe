package target

import "net/netip"

// addressClass is a kind of IP addresses that a control plane for many people does not connect to by itself.
type addressClass struct {
	// name says what the addresses are: "the %s address". It is empty for public addresses.
	name Own
	// private means that a setting can allow the addresses. All others are refused always.
	private bool
}

// classOf returns the class of an address. An IPv6 address that stands for an IPv4 address has the class of that one; an address
// of a kind that is not known is reserved.
func classOf(a netip.Addr) addressClass {
	a = a.Unmap().WithZone("") // no prefix contains an address with a zone
	for _, r := range addressRanges {
		if r.prefix.Contains(a) {
			return r.class
		}
	}
	switch {
	case a.Is4() || globalUnicast.Contains(a):
		return addressClass{}
	case nat64.Contains(a): // networks without IPv4 reach public IPv4 addresses in this form
		bytes := a.As16()
		inner := classOf(netip.AddrFrom4([4]byte(bytes[12:])))
		if inner.name != "" {
			return addressClass{name: "NAT64-mapped " + inner.name}
		}
		return addressClass{}
	}
	return addressClass{name: "reserved"}
}

var (
	// globalUnicast has all public IPv6 addresses (IANA, "Internet Protocol Version 6 Address Space").
	globalUnicast = netip.MustParsePrefix("2000::/3")
	// nat64 is the prefix that stands for IPv4 (RFC 6052, 2.1).
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
)

// addressRanges are the ranges that are not public, from the registries "IPv4 Special-Purpose Address Space" and "IPv6
// Special-Purpose Address Space" of IANA, and the addresses of the clouds' metadata services. The first range that contains an
// address counts. IPv6 addresses outside of 2000::/3 need no entry to be refused.
var addressRanges = func() []addressRange {
	var ranges []addressRange
	add := func(class addressClass, prefixes ...string) {
		for _, prefix := range prefixes {
			ranges = append(ranges, addressRange{netip.MustParsePrefix(prefix), class})
		}
	}
	// These services give credentials of the machine to every caller: AWS, Google, Azure and most others; containers at AWS;
	// Oracle; Alibaba; Azure's agent. The IPv6 ones are those of AWS and Google.
	add(addressClass{name: "cloud metadata"}, "169.254.169.254/32", "169.254.170.2/32", "169.254.170.23/32", "192.0.0.192/32",
		"100.100.100.200/32", "168.63.129.16/32", "fd00:ec2::/32", "fd20:ce::254/128")
	add(addressClass{name: "unspecified"}, "0.0.0.0/8", "::/128")
	add(addressClass{name: "loopback", private: true}, "127.0.0.0/8", "::1/128")
	add(addressClass{name: "private", private: true}, "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
	add(addressClass{name: "link-local"}, "169.254.0.0/16", "fe80::/10")
	add(addressClass{name: "carrier-grade NAT"}, "100.64.0.0/10")
	add(addressClass{name: "benchmarking"}, "198.18.0.0/15", "2001:2::/48")
	add(addressClass{name: "documentation"}, "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")
	add(addressClass{name: "multicast"}, "224.0.0.0/4", "ff00::/8")
	add(addressClass{name: "Teredo"}, "2001::/32")
	add(addressClass{name: "6to4"}, "2002::/16", "192.88.99.0/24")
	add(addressClass{name: "local NAT64"}, "64:ff9b:1::/48")
	add(addressClass{name: "reserved"}, "192.0.0.0/24", "240.0.0.0/4", "2001::/23")
	return ranges
}()

type addressRange struct {
	prefix netip.Prefix
	class  addressClass
}
