package conformance

import (
	"cmp"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// setups returns the setups that are the same for every system: the network fails, or the response is broken. Each situation
// has a case for every address, or every operation, of the suite.
func (s Suite) setups() map[Situation][]setup {
	all := map[Situation][]setup{
		PaddedSecret:       {{newCase: s.padded}},
		UntrustedIssuer:    {{newCase: s.withTLS(sandbox.TLS{Untrusted: true})}},
		WrongHostName:      {{newCase: s.withTLS(sandbox.TLS{Name: "system.example.com"})}},
		ExpiredCertificate: {{newCase: s.withTLS(sandbox.TLS{ExpiresIn: -time.Hour})}},
		WrongPath: {{newCase: s.withAddress(s.Addresses[0], func(_ *testing.T, address string) string {
			return address + "/wrong"
		})}},
	}
	add := func(situation Situation, where string, newCase func(*testing.T) Case) {
		all[situation] = append(all[situation], setup{where: where, newCase: newCase})
	}
	for _, field := range s.Addresses {
		add(NotReachable, field, s.withAddress(field, func(t *testing.T, _ string) string { return closedAddress(t) }))
		// RFC 6761: never a host
		add(NoSuchHost, field, s.withAddress(field, func(*testing.T, string) string { return "https://system.invalid" }))
		add(BrokenHandshake, field, s.withAddress(field, func(t *testing.T, _ string) string {
			return "https://" + brokenTLSServer(t)
		}))
	}
	if s.Echo.Kind != "" {
		for situation, encodings := range echoes() {
			for _, encoding := range encodings {
				fault := s.Echo
				fault.Encoding = encoding
				add(situation, string(encoding), s.Failing(fault))
			}
		}
	}
	refusal := sandbox.PageWith(http.StatusUnauthorized, cmp.Or(s.Challenge, `Basic realm="gateway"`))
	add(RefusalPage, "", s.FailingLater(refusal.ForOperation(s.operations()[0])))
	if s.Unknown.Kind != "" {
		add(UnknownCode, "", s.FailingLater(s.Unknown))
	}
	for _, operation := range s.operations() {
		for situation, status := range map[Situation]int{
			GatewayPage401: http.StatusUnauthorized, GatewayPage403: http.StatusForbidden,
			GatewayPage407: http.StatusProxyAuthRequired,
		} {
			add(situation, operation, s.FailingLater(sandbox.PageWith(status, "").ForOperation(operation)))
		}
		for situation, fault := range map[Situation]sandbox.Fault{
			Maintenance: sandbox.Maintenance(), PageInstead: sandbox.Page(), HugeResponse: sandbox.Huge(),
			TruncatedResponse: sandbox.Truncated(), SlowResponse: sandbox.Slow(), UnfinishedResponse: sandbox.Unfinished(),
			ProtocolSwitch: sandbox.Switch(), SlowTitle: sandbox.Titles(),
		} {
			add(situation, operation, s.Failing(fault.ForOperation(operation)))
		}
		add(RedirectElsewhere, operation, s.redirected(operation))
		add(TimeIsUp, operation, s.hanging(operation))
		add(ManyChallenges, operation, s.FailingLater(sandbox.Challenges().ForOperation(operation)))
	}
	return all
}

// operations returns the operations that fail in turn; an empty one is the first call.
func (s Suite) operations() []string {
	if len(s.Operations) == 0 {
		return []string{""}
	}
	return s.Operations
}

// Failing sets up a general test while the stand-in fails, until it is cleared.
func (s Suite) Failing(fault sandbox.Fault) func(*testing.T) Case {
	return func(t *testing.T) Case {
		t.Helper()
		standIn, tc := s.Start.generalCase(t, nil)
		if fault.Kind == sandbox.KindSlow || fault.Kind == sandbox.KindUnfinished {
			tc.Account.Network.ResponseTimeout = 500 * time.Millisecond
		}
		FailUntilCleared(t, standIn, fault)
		return tc
	}
}

// FailingLater is like Failing, for a failure that is not about the credentials: sign-ins are not counted, since a rejected
// token or session is replaced once.
func (s Suite) FailingLater(fault sandbox.Fault) func(*testing.T) Case {
	return func(t *testing.T) Case {
		t.Helper()
		tc := s.Failing(fault)(t)
		tc.SignIns = nil
		return tc
	}
}

// hanging sets up a general test that gets no response and ends with its own time, not with that of a call.
func (s Suite) hanging(operation string) func(*testing.T) Case {
	return func(t *testing.T) Case {
		t.Helper()
		tc := s.Failing(sandbox.Slow().ForOperation(operation))(t)
		tc.Account.Network.ResponseTimeout, tc.Budget = time.Hour, 500*time.Millisecond
		return tc
	}
}

// padded sets up a general test whose secrets have a space at the end. It has no meaning in documents such as keys.
func (s Suite) padded(t *testing.T) Case {
	t.Helper()
	_, tc := s.Start.generalCase(t, nil)
	tc.Harmless = true
	for _, f := range tc.Account.System.Secrets() {
		if secret := tc.Account.Credentials[f.Name]; secret != "" {
			tc.Account.Credentials[f.Name] = secret + " "
			tc.Harmless = tc.Harmless && f.Type != target.String
		}
	}
	return tc
}

// withTLS sets up a general test with a stand-in that has such a certificate.
func (s Suite) withTLS(tls sandbox.TLS) func(*testing.T) Case {
	return func(t *testing.T) Case {
		t.Helper()
		_, tc := s.Start.generalCase(t, &tls)
		return tc
	}
}

// withAddress sets up a general test with another address.
func (s Suite) withAddress(field string, change func(t *testing.T, address string) string) func(*testing.T) Case {
	return func(t *testing.T) Case {
		t.Helper()
		_, tc := s.Start.generalCase(t, nil)
		tc.Account.Settings[field] = change(t, tc.Account.Settings[field])
		return tc
	}
}

// redirected sets up a general test that is redirected to another host.
func (s Suite) redirected(operation string) func(*testing.T) Case {
	return func(t *testing.T) Case {
		t.Helper()
		var received atomic.Bool
		elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { received.Store(true) }))
		t.Cleanup(elsewhere.Close)
		tc := s.Failing(sandbox.Redirect(elsewhere.URL + "/elsewhere").ForOperation(operation))(t)
		tc.Leaked = received.Load
		return tc
	}
}

// closedAddress returns an address of this machine without a listener.
func closedAddress(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return "http://" + listener.Addr().String()
}
