package target_test

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func addresses(t *testing.T, o target.AddressOptions) *target.Addresses {
	t.Helper()
	a, err := target.NewAddresses(o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// classes are addresses of each class; an empty class is public.
func classes() map[string][]string {
	return map[string][]string{
		"": {
			"8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.169.0.1", "198.20.0.1",
			"2606:4700::1111", "2a00::1", "::ffff:8.8.8.8", "64:ff9b::808:808",
		},
		"private":    {"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fdff::1", "::ffff:10.0.0.1"},
		"loopback":   {"127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1", "::1%lo"},
		"link-local": {"169.254.0.1", "169.254.255.255", "fe80::1", "fe80::1%eth0", "febf::1"},
		"cloud metadata": {
			"169.254.169.254", "::ffff:169.254.169.254", "169.254.170.2", "fd00:ec2::254", "fd00:ec2::254%eth0", "100.100.100.200",
		},
		"unspecified":       {"0.0.0.0", "0.1.2.3", "::", "::ffff:0.0.0.0"},
		"multicast":         {"224.0.0.1", "239.255.255.255", "ff02::1"},
		"carrier-grade NAT": {"100.64.0.1", "100.127.255.255"},
		"benchmarking":      {"198.18.0.1", "198.19.255.255", "2001:2::1"},
		"documentation":     {"192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"},
		"reserved": {
			"240.0.0.1", "255.255.255.255", "192.0.0.1", "::10.0.0.1", "::8.8.8.8", "fec0::1", "100::1", "4000::1", "2001:10::1",
		},
		"6to4":                           {"2002:a00:1::1", "2002:808:808::1", "192.88.99.1"},
		"Teredo":                         {"2001:0:a00:1::1"},
		"local NAT64":                    {"64:ff9b:1::a00:1", "64:ff9b:1::808:808"},
		"NAT64-mapped private":           {"64:ff9b::10.0.0.1"},
		"NAT64-mapped loopback":          {"64:ff9b::7f00:1"},
		"NAT64-mapped cloud metadata":    {"64:ff9b::a9fe:a9fe"},
		"NAT64-mapped link-local":        {"64:ff9b::169.254.1.1"},
		"NAT64-mapped unspecified":       {"64:ff9b::"},
		"NAT64-mapped reserved":          {"64:ff9b::255.255.255.255"},
		"NAT64-mapped benchmarking":      {"64:ff9b::198.18.0.1"},
		"NAT64-mapped carrier-grade NAT": {"64:ff9b::100.64.0.1"},
	}
}

func TestAddressesByClass(t *testing.T) {
	t.Parallel()
	none := addresses(t, target.AddressOptions{})
	private := addresses(t, target.AddressOptions{AllowPrivate: true})
	everything := addresses(t, target.AddressOptions{AllowPrivate: true, Allow: []string{"0.0.0.0/0", "::/0", "h.example.com"}})
	for class, list := range classes() {
		canBeAllowed := class == "private" || class == "loopback"
		for _, text := range list {
			ip := netip.MustParseAddr(text)
			var refused *target.AddressError
			if err := none.Allowed("h.example.com", ip); (err == nil) != (class == "") {
				t.Errorf("%s: got %v, want class %q", text, err, class)
			} else if errors.As(err, &refused) && (string(refused.Class) != class || refused.Private != canBeAllowed) {
				t.Errorf("%s: got %+v, want class %q", text, refused, class)
			}
			for _, a := range []*target.Addresses{private, everything} {
				if err := a.Allowed("h.example.com", ip); (err == nil) != (class == "" || canBeAllowed) {
					t.Errorf("%s with everything allowed that can be: got %v", text, err)
				}
			}
		}
	}
}

func TestListedTargetsAreAllowed(t *testing.T) {
	t.Parallel()
	a := addresses(t, target.AddressOptions{Allow: []string{
		"10.1.0.0/16", "192.168.7.7", "fd12::/16", "CRM.example.com.", "127.0.0.1", " bücher.example ",
	}})
	for _, test := range []struct {
		host, ip string
		allowed  bool
	}{
		{"a.example.com", "10.1.255.255", true},
		{"a.example.com", "::ffff:10.1.0.1", true},
		{"a.example.com", "10.2.0.1", false},
		{"a.example.com", "192.168.7.7", true},
		{"a.example.com", "192.168.7.8", false},
		{"a.example.com", "fd12:1::1", true},
		{"a.example.com", "fd13::1", false},
		{"a.example.com", "127.0.0.1", true},
		{"a.example.com", "127.0.0.2", false},
		{"crm.example.com", "10.9.9.9", true},
		{"CRM.EXAMPLE.COM.", "::1", true},
		{"xn--bcher-kva.example", "10.9.9.9", true},
		{"crm.example.com", "169.254.169.254", false},
		{"crm.example.com", "64:ff9b::a00:1", false},
		{"x.crm.example.com", "10.9.9.9", false},
	} {
		if err := a.Allowed(test.host, netip.MustParseAddr(test.ip)); (err == nil) != test.allowed {
			t.Errorf("%s at %s: got %v", test.host, test.ip, err)
		}
	}
}

// What is written as an address is refused before a connection is made, and before a proxy is asked for it.
func TestNetworkAllowsWrittenHosts(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]struct{ none, private string }{
		"mail.example.com": {}, "8.8.8.8": {}, "[2606:4700::1111]": {}, "7.example.com": {}, "0xabc.example.com": {},
		"a_b.example.com":    {},
		"10.0.0.1":           {none: "private address 10.0.0.1, unless the control plane is started with --allow-target 10.0.0.1 or"},
		"127.0.0.1.":         {none: "loopback"},
		"[::1]":              {none: "loopback"},
		"localhost":          {none: "loopback"},
		"LOCALHOST.":         {none: "loopback"},
		"a.localhost":        {none: "loopback"},
		"１２７.0.0.1":          {none: "loopback"},
		"127。0。0。1":          {none: "loopback"},
		"169.254.169.254":    {"no setting allows", "cloud metadata address 169.254.169.254; no setting allows"},
		"[fe80::1%25eth0]":   {"link-local", "link-local"},
		"[::ffff:a9fe:a9fe]": {"cloud metadata", "cloud metadata"},
		"[64:ff9b::7f00:1]":  {"NAT64", "NAT64"},
		"2130706433":         {"usual form", "usual form"},
		"0x7f000001":         {"usual form", "usual form"},
		"0X7F.1":             {"usual form", "usual form"},
		"017700000001":       {"usual form", "usual form"},
		"0177.0.0.1":         {"usual form", "usual form"},
		"127.1":              {"usual form", "usual form"},
		"127.0.0.0x1":        {"usual form", "usual form"},
		"127.0.0.01.":        {"usual form", "usual form"},
		"256.256.256.256":    {"usual form", "usual form"},
		"0x":                 {"usual form", "usual form"},
		"a\u2024.example":    {"usual form", "usual form"},
	} {
		u := &url.URL{Scheme: "https", Host: host}
		if parsed, err := url.Parse("https://" + host + "/x"); err == nil {
			u = parsed
		}
		for allowed, want := range map[bool]string{false: want.none, true: want.private} {
			n := target.Network{Addresses: addresses(t, target.AddressOptions{AllowPrivate: allowed})}
			err := n.Allows(u)
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("%s, private allowed %t: got %v, want %q", host, allowed, err, want)
			}
		}
		if err := (target.Network{}).Allows(u); err != nil {
			t.Errorf("%s without a policy: %v", host, err)
		}
	}
}

// Other programs on the machine of a control plane speak http. Only who lists a loopback address lets connections reach them.
func TestLoopbackHTTPNeedsListedAddress(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		o    target.AddressOptions
		want bool
	}{
		"nothing":        {target.AddressOptions{}, false},
		"all private":    {target.AddressOptions{AllowPrivate: true}, false},
		"other networks": {target.AddressOptions{Allow: []string{"10.0.0.0/8", "crm.example.com", "0.0.0.0/0"}}, false},
		"an address":     {target.AddressOptions{Allow: []string{"10.0.0.0/8", "127.0.0.1"}}, true},
		"a network":      {target.AddressOptions{Allow: []string{"127.0.0.0/8"}, AllowPrivate: true}, true},
		"IPv6":           {target.AddressOptions{Allow: []string{"::1"}}, true},
		"localhost":      {target.AddressOptions{Allow: []string{"LocalHost"}}, true},
	} {
		if got := addresses(t, test.o).ListsLoopback(); got != test.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
	u := &url.URL{Scheme: "http", Host: "127.0.0.1:9640"}
	err := target.Network{Addresses: addresses(t, target.AddressOptions{AllowPrivate: true})}.Allows(u)
	if err == nil || !strings.Contains(err.Error(), "must start with https://, unless") ||
		!strings.Contains(err.Error(), "--allow-target 127.0.0.1") {
		t.Errorf("http to this machine: %v", err)
	}
}

func TestAddressOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for _, allow := range []string{
		"", "10.0.0.0/33", "10.0.0.1/8", "https://crm.example.com", "crm.example.com:443", "*.example.com", "10.0.0", "0x7f000001",
		"169.254.0.0/16", "169.254.169.254", "100.64.0.0/10", "224.0.0.0/8", "fe80::/64", "::ffff:10.0.0.1", "::ffff:10.0.0.0/104",
		"64:ff9b:1::/48", "a b", "::", "fd00:ec2::254",
	} {
		_, err := target.NewAddresses(target.AddressOptions{Allow: []string{"10.0.0.0/8", allow}})
		if err == nil || !strings.HasPrefix(err.Error(), "--allow-target \""+allow+"\": ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: got %v", allow, err)
		}
	}
	for _, proxy := range []string{
		"proxy.example.com:3128", "socks5://canary@proxy.example.com", "http://", "http://user:canary@exa mple:1", "http://p/path",
		"http://p:0", "http://p:99999", "http://p?canary",
	} {
		_, err := target.NewAddresses(target.AddressOptions{Proxy: proxy})
		if err == nil || !strings.HasPrefix(err.Error(), "--target-proxy: must ") || strings.Contains(err.Error(), "canary") {
			t.Errorf("%q: got %v", proxy, err)
		}
	}
	a := addresses(t, target.AddressOptions{Proxy: "http://user:canary@proxy.example.com:3128/"})
	if got := a.Proxy(); got == nil || got.Host != "proxy.example.com:3128" || got.User == nil {
		t.Errorf("got the proxy %v", got)
	}
	notes := strings.Join(a.Notes(), " ")
	if !strings.Contains(notes, "proxy.example.com:3128") || strings.Contains(notes, "canary") {
		t.Errorf("got the notes %q", notes)
	}
	if a := addresses(t, target.AddressOptions{}); a.Proxy() != nil || a.Notes() != nil {
		t.Errorf("without settings: %v, %q", a.Proxy(), a.Notes())
	}
}

// An address that embeds an IPv4 address in any form is never more than that address.
func FuzzEmbeddedAddresses(f *testing.F) {
	for _, ip := range []uint32{0x7f000001, 0x0a000001, 0xa9fea9fe, 0x08080808, 0, 0xffffffff, 0x64400001} {
		f.Add(ip, uint16(0), byte(0))
	}
	f.Fuzz(func(t *testing.T, v4 uint32, zone uint16, form byte) {
		inner := [4]byte{byte(v4 >> 24), byte(v4 >> 16), byte(v4 >> 8), byte(v4)}
		a := addresses(t, target.AddressOptions{})
		plain := a.Allowed("h", netip.AddrFrom4(inner))
		var bytes [16]byte
		copy(bytes[12:], inner[:])
		switch form % 4 {
		case 0: // IPv4-mapped
			bytes[10], bytes[11] = 0xff, 0xff
		case 1: // NAT64
			copy(bytes[:], []byte{0, 0x64, 0xff, 0x9b})
		case 2: // local NAT64, with any subnet
			copy(bytes[:], []byte{0, 0x64, 0xff, 0x9b, 0, 1, byte(zone >> 8), byte(zone)})
		case 3: // 6to4
			copy(bytes[:], []byte{0x20, 0x02, inner[0], inner[1], inner[2], inner[3], byte(zone >> 8), byte(zone)})
		}
		ip := netip.AddrFrom16(bytes)
		if err := a.Allowed("h", ip); plain != nil && err == nil {
			t.Errorf("%s is allowed, and %v is not", ip, inner)
		}
	})
}

// However a host is written: if it is an address for any program, it is checked as one.
func FuzzWrittenHosts(f *testing.F) {
	for _, host := range []string{
		"mail.example.com", "127.0.0.1", "0x7f.1", "[::1]", "[fe80::1%25a]", "１.1", "localhost", "a.0x", "", ".", "a..", "[::]",
	} {
		f.Add(host)
	}
	f.Fuzz(func(t *testing.T, host string) {
		u, err := url.Parse("https://" + host)
		if err != nil || u.Hostname() == "" {
			return
		}
		n := target.Network{Addresses: addresses(t, target.AddressOptions{})}
		if n.Allows(u) != nil {
			return
		}
		name := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
		if ip, err := netip.ParseAddr(name); err == nil && n.Addresses.Allowed(name, ip) != nil {
			t.Errorf("%q is allowed", host)
		}
		if last := name[strings.LastIndex(name, ".")+1:]; last != "" && strings.Trim(last, "0123456789") == "" {
			if _, err := netip.ParseAddr(name); err != nil {
				t.Errorf("%q is allowed, and programs may read it as an address", host)
			}
		}
	})
}
