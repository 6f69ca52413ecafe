package call

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// resolver answers all questions about a name with its addresses, in the order of the answers; the last one repeats.
type resolver struct {
	answers [][]string
	asked   atomic.Int32
}

func (r *resolver) net() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go r.serve(there)
		return here, nil
	}}
}

// serve answers one question in the form of DNS over TCP (RFC 1035, 4.2.2).
func (r *resolver) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	var size uint16
	if binary.Read(conn, binary.BigEndian, &size) != nil {
		return
	}
	packet := make([]byte, size)
	if _, err := io.ReadFull(conn, packet); err != nil {
		return
	}
	var question dnsmessage.Message
	if question.Unpack(packet) != nil {
		return
	}
	answer, err := r.answer(question)
	if err == nil {
		_, _ = conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...))
	}
}

func (r *resolver) answer(m dnsmessage.Message) ([]byte, error) {
	q := m.Questions[0]
	m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
	header := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class}
	var round int
	if q.Type == dnsmessage.TypeA {
		round = int(r.asked.Add(1)) - 1
	} else {
		round = int(r.asked.Load())
	}
	for _, text := range r.answers[min(round, len(r.answers)-1)] {
		ip := netip.MustParseAddr(text)
		switch {
		case q.Type == dnsmessage.TypeA && ip.Is4():
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AResource{A: ip.As4()}})
		case q.Type == dnsmessage.TypeAAAA && ip.Is6():
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AAAAResource{AAAA: ip.As16()}})
		}
	}
	return m.Pack()
}

// resolvedClient is a client whose names all lead to the answers of a resolver. It trusts the server.
func resolvedClient(t *testing.T, o target.AddressOptions, server *httptest.Server, answers ...[]string) *http.Client {
	t.Helper()
	addresses, err := target.NewAddresses(o)
	if err != nil {
		t.Fatal(err)
	}
	n := withDefaults(target.Network{Addresses: addresses, ConnectTimeout: 5 * time.Second})
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	dialer := net.Dialer{Timeout: n.ConnectTimeout, Resolver: (&resolver{answers: answers}).net()}
	client := &http.Client{
		Transport:     newTransport(n, dialer, &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}, nil),
		CheckRedirect: checkRedirect,
	}
	t.Cleanup(client.CloseIdleConnections)
	return client
}

// named is the address of a server on loopback under a name of its certificate.
func named(server *httptest.Server) string {
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	return "https://example.com:" + port
}

func tryGet(t *testing.T, client *http.Client, url string) error {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func tlsServer(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewTLSServer(handler)
	t.Cleanup(server.Close)
	return server
}

// Whatever a name leads to is checked when connecting.
func TestResolvedAddressesAreChecked(t *testing.T) {
	t.Parallel()
	var arrived atomic.Int32
	server := tlsServer(t, func(http.ResponseWriter, *http.Request) { arrived.Add(1) })
	for class, ips := range map[string][]string{
		"loopback": {"127.0.0.1", "::1", "::ffff:127.0.0.1"}, "private": {"10.0.0.1", "fd00::1"},
		"link-local": {"169.254.1.1", "fe80::1"}, "cloud metadata": {"169.254.169.254", "fd00:ec2::254"},
		"unspecified": {"0.0.0.0", "::"}, "carrier-grade NAT": {"100.64.0.1"}, "NAT64-mapped loopback": {"64:ff9b::7f00:1"},
		"6to4": {"2002:7f00:1::1"},
	} {
		for _, ip := range ips {
			t.Run(ip, func(t *testing.T) {
				t.Parallel()
				err := tryGet(t, resolvedClient(t, target.AddressOptions{}, server, []string{ip}), named(server))
				var refused *target.AddressError
				if !errors.Is(err, ErrAddress) || !errors.As(err, &refused) {
					t.Fatalf("got %v", err)
				}
				if string(refused.Class) != class || refused.Host != "example.com" {
					t.Errorf("got %+v", refused)
				}
				fault := Classifier{Address: "url"}.Unreachable(err)
				if fault.Code != target.Misconfigured || fault.Field != "url" || !fault.Message.Contains(class+" address") ||
					!fault.Message.Contains("example.com") || refused.Private != strings.Contains(fault.Hint, "--allow-target") {
					t.Errorf("got %v with the hint %q", fault, fault.Hint)
				}
			})
		}
	}
	t.Cleanup(func() {
		if arrived.Load() != 0 {
			t.Error("a call arrived")
		}
	})
}

func TestListedHostIsReached(t *testing.T) {
	t.Parallel()
	server := tlsServer(t, func(http.ResponseWriter, *http.Request) {})
	for name, o := range map[string]target.AddressOptions{
		"all": {AllowPrivate: true}, "address": {Allow: []string{"127.0.0.1"}}, "network": {Allow: []string{"127.0.0.0/8"}},
		"host": {Allow: []string{"EXAMPLE.com"}},
	} {
		if err := tryGet(t, resolvedClient(t, o, server, []string{"127.0.0.1"}), named(server)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := resolvedClient(t, target.AddressOptions{Allow: []string{"other.example.com"}}, server, []string{"127.0.0.1"})
	if err := tryGet(t, other, named(server)); !errors.Is(err, ErrAddress) {
		t.Errorf("another host: %v", err)
	}
}

// A name that leads to an allowed address first, and to another one when the next connection is made.
func TestNameThatChangesItsAddress(t *testing.T) {
	t.Parallel()
	server := tlsServer(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") })
	o := target.AddressOptions{Allow: []string{"127.0.0.1"}}
	client := resolvedClient(t, o, server, []string{"127.0.0.1"}, []string{"127.0.0.2"})
	if err := tryGet(t, client, named(server)); err != nil {
		t.Fatal(err)
	}
	var refused *target.AddressError
	if err := tryGet(t, client, named(server)); !errors.As(err, &refused) || refused.Address.String() != "127.0.0.2" {
		t.Errorf("the second time: %v", err)
	}
}

// Of several addresses, those that are not allowed are left out.
func TestEveryRecordIsChecked(t *testing.T) {
	t.Parallel()
	server := tlsServer(t, func(http.ResponseWriter, *http.Request) {})
	o := target.AddressOptions{Allow: []string{"127.0.0.1"}}
	if err := tryGet(t, resolvedClient(t, o, server, []string{"10.0.0.1", "127.0.0.1"}), named(server)); err != nil {
		t.Errorf("the second record is allowed: %v", err)
	}
	refused := resolvedClient(t, o, server, []string{"10.0.0.1", "127.0.0.2", "::1"})
	if err := tryGet(t, refused, named(server)); !errors.Is(err, ErrAddress) {
		t.Errorf("no record is allowed: %v", err)
	}
}

// A redirect to the same host resolves its name again.
func TestRedirectIsCheckedAgain(t *testing.T) {
	t.Parallel()
	server := tlsServer(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		http.Redirect(w, r, "/there", http.StatusFound)
	})
	o := target.AddressOptions{Allow: []string{"127.0.0.1"}}
	client := resolvedClient(t, o, server, []string{"127.0.0.1"}, []string{"169.254.169.254"})
	var refused *target.AddressError
	if err := tryGet(t, client, named(server)); !errors.As(err, &refused) || refused.Class != "cloud metadata" {
		t.Errorf("got %v", err)
	}
}

// With a proxy of the control plane, that proxy gets all calls, and none to an address that is not allowed.
func TestConfiguredProxy(t *testing.T) {
	t.Parallel()
	server := tlsServer(t, func(http.ResponseWriter, *http.Request) {})
	var asked atomic.Value
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.Method + " " + r.Host + " " + strconv.FormatBool(r.Header.Get("Proxy-Authorization") != ""))
		w.WriteHeader(http.StatusForbidden)
	}))
	t.Cleanup(proxy.Close)
	o := target.AddressOptions{Proxy: "http://user:canary@" + proxy.Listener.Addr().String()}
	err := tryGet(t, resolvedClient(t, o, server, []string{"127.0.0.1"}), "https://mail.example.com/")
	fault := Classifier{Address: "url"}.Unreachable(err)
	if asked.Load() != "CONNECT mail.example.com:443 true" || !fault.NoField || !strings.Contains(fault.Help[0], "--target-proxy") {
		t.Errorf("the proxy was asked for %v; got %v with the help %q", asked.Load(), fault, fault.Help)
	}
	if strings.Contains(fmt.Sprint(err, fault), "canary") {
		t.Errorf("shows the proxy's password: %v, %v", err, fault)
	}
	asked.Store("")
	for _, host := range []string{"10.0.0.1", "169.254.169.254", "2130706433", "[::ffff:7f00:1]", "localhost"} {
		err := tryGet(t, resolvedClient(t, o, server, []string{"127.0.0.1"}), "https://"+host+"/")
		if !errors.Is(err, ErrAddress) || asked.Load() != "" {
			t.Errorf("%s: got %v; the proxy was asked for %v", host, err, asked.Load())
		}
	}
}
