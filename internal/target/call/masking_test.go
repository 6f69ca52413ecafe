package call_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Whatever a session signs its requests in with is masked, and the cookies that it gets.
func TestSessionsMaskWhatTheySend(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "JSESSIONID", Value: "issued-session"})
		http.SetCookie(w, &http.Cookie{Name: "node", Value: "7"})
	}))
	t.Cleanup(server.Close)
	a := account(nil)
	a.System.Grants = []target.Grant{{Name: "password", Secrets: []string{"password"}}}
	a.Network, a.Tokens = target.Network{LoopbackHTTP: true}, new(target.Tokens)
	s, err := call.NewSession(a, call.Classifier{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(t.Context()) })
	for _, authorization := range []string{
		"Bearer token-canary", "NTLM TlRMTVNTUAADAAAA", `OAuth realm="1", oauth_nonce="n", oauth_signature="c2lnbmF0dXJl%3D"`,
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", authorization)
		req.AddCookie(&http.Cookie{Name: "LtpaToken", Value: "sent-session"})
		if _, err := call.Send(s.Client, req); err != nil {
			t.Fatal(err)
		}
	}
	masked := slices.Collect(maps.Values(a.Tokens.Secrets()))
	for _, want := range []string{"token-canary", "TlRMTVNTUAADAAAA", "c2lnbmF0dXJl=", "issued-session", "sent-session"} {
		if !slices.Contains(masked, want) {
			t.Errorf("%q is not masked, only %q", want, masked)
		}
	}
	if slices.Contains(masked, "7") {
		t.Error("the name of a node is masked")
	}
}
