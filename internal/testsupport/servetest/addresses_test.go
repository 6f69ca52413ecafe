//go:build unix

package servetest_test

import (
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/servetest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// counter listens on this machine, and counts the connections that arrive. It closes them.
type counter struct {
	atomic.Int64

	port string
}

func newCounter(t *testing.T) *counter {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	c := new(counter)
	_, c.port, err = net.SplitHostPort(listener.Addr().String())
	must(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			arrived, err := listener.Accept()
			if err != nil {
				return
			}
			c.Add(1)
			_ = arrived.Close()
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		<-done
	})
	return c
}

// mailAt is a connection to an address.
func mailAt(address string) api.CreateConnection {
	return api.CreateConnection{
		Name: address, System: "exchange", Settings: map[string]string{"ews_url": address, "username": "svc@example.com"},
		Credentials: map[string]string{"password": "secret-6b1d"},
	}
}

// wordsOf are all words of an error: of the problem, of its fields and of its fault.
func wordsOf(err error) string {
	p, ok := errors.AsType[*api.Problem](err)
	if !ok {
		return ""
	}
	words := p.Detail
	for _, field := range p.Errors {
		words += "\n" + field.Message
	}
	if p.Fault != nil {
		words += "\n" + faultWords(p.Fault)
	}
	return words
}

func faultWords(f *api.Fault) string { return f.Message + "\n" + strings.Join(f.Help, "\n") }

// A connection to an address that the control plane must not reach is refused, with the class of the address and the flag that
// allows it, if one does. Nothing is sent.
func TestServeRefusesAddresses(t *testing.T) {
	t.Parallel()
	const never = "no setting allows such an address"
	untouched, reached := newCounter(t), newCounter(t)
	port := ":" + untouched.port
	either := []string{"loopback address", "--allow-target 127.0.0.1 or --allow-private-targets"}
	always := map[string][]string{
		"https://169.254.1.1/EWS":                    {"link-local address 169.254.1.1", never},
		"https://169.254.169.254/EWS":                {"cloud metadata address 169.254.169.254", never},
		"https://[::ffff:169.254.169.254]/EWS":       {"cloud metadata address", never},
		"https://100.64.0.1/EWS":                     {"carrier-grade NAT address 100.64.0.1", never},
		"https://[64:ff9b::7f00:1]" + port + "/EWS":  {"NAT64-mapped loopback address", never},
		"https://[64:ff9b::a9fe:a9fe]" + port + "/E": {"NAT64-mapped cloud metadata address", never},
		"https://0.0.0.0" + port + "/EWS":            {"unspecified address 0.0.0.0", never},
		"https://2130706433" + port + "/EWS":         {"an address in its usual form"},
		"https://0x7f.1" + port + "/EWS":             {"an address in its usual form"},
		"https://0177.0.0.1" + port + "/EWS":         {"an address in its usual form"},
		"http://127.0.0.1" + port + "/EWS":           {"must start with https://", "--allow-target 127.0.0.1"},
		"http://10.0.0.1" + port + "/EWS":            {"must start with https://"},
	}
	byDefault := map[string][]string{
		"https://127.0.0.1" + port + "/EWS":          either,
		"https://localhost" + port + "/EWS":          {"loopback address", "--allow-target localhost or --allow-private-targets"},
		"https://[::1]" + port + "/EWS":              {"loopback address ::1", "--allow-target ::1 or --allow-private-targets"},
		"https://[::ffff:127.0.0.1]" + port + "/EWS": {"loopback address", "or --allow-private-targets"},
		"https://10.0.0.1/EWS":                       {"private address 10.0.0.1", "--allow-target 10.0.0.1 or --allow-private-"},
		"https://192.168.1.1/EWS":                    {"private address 192.168.1.1", "--allow-private-targets"},
		"https://[fd12::1]/EWS":                      {"private address fd12::1", "--allow-private-targets"},
	}
	for name, server := range map[string]struct {
		args    []string
		refused []map[string][]string
	}{
		"by default":            {nil, []map[string][]string{always, byDefault}},
		"with private targets":  {[]string{"--allow-private-targets"}, []map[string][]string{always}},
		"with another target":   {[]string{"--allow-target", "10.9.0.0/16,crm.example.com"}, []map[string][]string{always, byDefault}},
		"with loopback targets": {[]string{"--allow-target", "127.0.0.2"}, []map[string][]string{{"http://127.0.0.1" + port: either}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := storetest.SQLite(t)
			issued := servetest.Register(t, d, api.ScopeRead, api.ScopeWrite, api.ScopeTest)
			stored := storeLocalhost(t, d, port)
			client := servetest.Start(t, servetest.Environment(d), server.args...).Client(t, issued)
			for _, addresses := range server.refused {
				for address, want := range addresses {
					_, err := client.CreateConnection(t.Context(), mailAt(address))
					for _, part := range want {
						if words := wordsOf(err); !api.IsProblem(err, api.ProblemInvalid) || !strings.Contains(words, part) {
							t.Errorf("%s: %v: %s, want %q", address, err, words, part)
						}
					}
				}
			}
			if name == "with private targets" {
				_, err := client.CreateConnection(t.Context(), mailAt("https://127.0.0.1:"+reached.port+"/EWS"))
				if !api.IsProblem(err, api.ProblemFault) || reached.Load() == 0 {
					t.Errorf("an allowed address: %v: %s; %d connections", err, wordsOf(err), reached.Load())
				}
				return
			}
			result, err := client.RunTest(t.Context(), stored, api.RunTest{Test: string(target.General)})
			must(t, err)
			for _, part := range []string{"localhost", "--allow-target"} {
				if f := result.Fault; f == nil || f.Code != string(target.Misconfigured) || !strings.Contains(faultWords(f), part) {
					t.Errorf("a connection of before: %+v, want %q", f, part)
				}
			}
		})
	}
	t.Cleanup(func() {
		if n := untouched.Load(); n != 0 {
			t.Errorf("%d connections were made", n)
		}
	})
}

// storeLocalhost stores a connection that leads to this machine, as from the time before its control plane was shared.
func storeLocalhost(t *testing.T, d storetest.Database, port string) (id string) {
	t.Helper()
	servetest.AsOwner(t, d, func(owner *api.Client) {
		unverified, connection := false, mailAt("https://localhost"+port+"/EWS")
		connection.Verify = &unverified
		created, err := owner.CreateConnection(t.Context(), connection)
		must(t, err)
		id = created.ID
	})
	return id
}

// A target system that is allowed cannot send the control plane elsewhere, not even to another port.
func TestServeRefusesRedirects(t *testing.T) {
	t.Parallel()
	d, untouched := storetest.SQLite(t), newCounter(t)
	mail := sandboxtest.Start(t, exchange.Start, exchange.Options{})
	issued := servetest.Register(t, d, api.ScopeRead, api.ScopeWrite)
	client := servetest.Start(t, servetest.Environment(d), "--allow-target", "127.0.0.1").Client(t, issued)
	for _, location := range []string{
		"http://127.0.0.1:" + untouched.port + "/EWS", "http://localhost:" + untouched.port + "/EWS",
		"https://169.254.169.254/latest/meta-data", "http://[::ffff:169.254.169.254]/latest/meta-data", "https://10.0.0.1/EWS",
	} {
		must(t, mail.Fail(sandbox.Redirect(location), sandbox.UntilCleared))
		_, err := client.CreateConnection(t.Context(), exchangeAt("Redirected", mail))
		if words := wordsOf(err); !api.IsProblem(err, api.ProblemFault) || !strings.Contains(words, "redirect") {
			t.Errorf("%s: %v: %s", location, err, words)
		}
		mail.Clear()
	}
	if n := untouched.Load(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
	if _, err := client.CreateConnection(t.Context(), exchangeAt("Exchange", mail)); err != nil {
		t.Errorf("without a redirect: %v", err)
	}
}
