package netsuite_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/netsuite"
)

// documentedSeed returns the account of the examples in NetSuite's help, "The Signature for Web Services and RESTlets".
func documentedSeed() *netsuite.Seed {
	seed := netsuite.NewSeed()
	seed.Account.ID = "123456"
	seed.Integration.ConsumerKey = "ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4"
	seed.Integration.Secret = "d26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5"
	seed.Token.ID = "2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc"
	seed.Token.Secret = "c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295"
	return &seed
}

// TestDocumentedSignatures verifies two signatures from NetSuite's examples. The third is the same request to another
// port, which is part of the signature.
func TestDocumentedSignatures(t *testing.T) {
	t.Parallel()
	seed := documentedSeed()
	for signature, call := range map[string]struct {
		method, host, path string
		secure             bool
	}{
		"+KK4SKNgz4ZiILGLwOMtfYlgcXSy1eis8ldE9X90azQ=": {
			http.MethodPost, "123456.restlets.api.netsuite.com",
			"/app/site/hosting/restlet.nl?script=6&deploy=1&customParam=someValue&testParam=someOtherValue", true,
		},
		"B5OIWznZ2YP0OB7VrJrGkYsTh+8H+5T9Hag+o92q0zY=": {
			http.MethodGet, "123456.suitetalk.api.netsuite.com", "/services/rest/record/v1/employee/40", true,
		},
		"B3cPtZM3iZcqdBP1fxFuxe2Hfig5F+g5daSB3PkRv5I=": {
			http.MethodGet, "127.0.0.1:8443", "/services/rest/record/v1/employee/40", false,
		},
	} {
		options := netsuite.Options{Seed: seed}
		if call.secure {
			options.TLS = &sandbox.TLS{}
		}
		server := start(t, options)
		for _, sent := range []string{signature, "A" + signature[1:]} {
			req, err := http.NewRequestWithContext(t.Context(), call.method, server.URL()+call.path, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			req.Host = strings.ToUpper(call.host) // letter case is ignored
			req.Header.Set("Authorization", fmt.Sprintf(`OAuth realm="123456",oauth_consumer_key=%q,oauth_token=%q,`+
				`oauth_signature_method="HMAC-SHA256",oauth_timestamp="1508242306",oauth_nonce="fjaLirsIcCGVZWzBX0pg",`+
				`oauth_version="1.0",oauth_signature=%q`, seed.Integration.ConsumerKey, seed.Token.ID, escape(sent)))
			do(t, &http.Transport{TLSClientConfig: trusting(server)}, req)
		}
		if attempts := server.SignInList(); len(attempts) != 2 || !attempts[0].Accepted || attempts[1].Accepted ||
			!strings.HasPrefix(attempts[1].Reason, "signature_invalid") {
			t.Errorf("%s %s%s: %+v", call.method, call.host, call.path, attempts)
		}
	}
}

func trusting(server *netsuite.Server) *tls.Config {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(server.CA()))
	return &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
}

// TestRejectedSignIns checks that the record always has the cause. The client gets it only if the account is Detailed.
func TestRejectedSignIns(t *testing.T) {
	t.Parallel()
	set := func(name, value string) func(*client) { return func(c *client) { c.parameters[name] = value } }
	for name, tc := range map[string]struct {
		change func(*client)
		code   string
	}{
		"other account":     {set("realm", "7654321"), "token_rejected"},
		"lower-case realm":  {set("realm", "1234567_sb1"), "token_rejected"},
		"no realm":          {set("realm", ""), "MissingTokenPassportRequiredFields"},
		"no token":          {set("oauth_token", ""), "MissingTokenPassportRequiredFields"},
		"unknown consumer":  {set("oauth_consumer_key", "x"), "consumer_key_unknown"},
		"unknown token":     {set("oauth_token", "x"), "token_unknown"},
		"SHA-1":             {set("oauth_signature_method", "HMAC-SHA1"), "signature_method_rejected"},
		"other version":     {set("oauth_version", "2.0"), "version_rejected"},
		"no time":           {set("oauth_timestamp", "now"), "timestamp_refused"},
		"too early":         {set("oauth_timestamp", seconds(at.Add(-301*time.Second))), "timestamp_refused"},
		"too late":          {set("oauth_timestamp", seconds(at.Add(301*time.Second))), "timestamp_refused"},
		"short nonce":       {set("oauth_nonce", "abcde"), "nonce_rejected"},
		"invalid nonce":     {set("oauth_nonce", "abcdef+/="), "nonce_rejected"},
		"invalid signature": {set("oauth_signature", "!"), "signature_invalid"},
		"consumer's secret": {func(c *client) { c.consumer = "x" }, "signature_invalid"},
		"token's secret":    {func(c *client) { c.token = "x" }, "signature_invalid"},
		"secrets swapped":   {func(c *client) { c.consumer, c.token = c.token, c.consumer }, "signature_invalid"},
		"blocked": {
			func(c *client) { c.server.UpdateIntegration(func(i *netsuite.Integration) { i.Enabled = false }) }, "consumer_key_refused",
		},
		"feature off": {
			func(c *client) { c.server.UpdateAccount(func(a *netsuite.Account) { a.TokenBased = false }) }, "FeatureDisabled",
		},
		"not for tokens": {
			func(c *client) { c.server.UpdateRole(func(r *netsuite.Role) { r.AccessTokens = false }) }, "permission_denied",
		},
		"revoked": {
			func(c *client) { _ = c.server.UpdateToken(func(t *netsuite.Token) { t.Revoked = true }) }, "token_rejected",
		},
		"inactive": {
			func(c *client) { _ = c.server.Update("Riva Sync", func(e *netsuite.Employee) { e.Inactive = true }) }, "token_rejected",
		},
		"locked": {
			func(c *client) { _ = c.server.Update("Riva Sync", func(e *netsuite.Employee) { e.Locked = true }) }, "temporarily_locked",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, netsuite.Options{})
			c := newClient(server)
			tc.change(c)
			for _, detailed := range []bool{false, true} {
				server.UpdateAccount(func(a *netsuite.Account) { a.Detailed = detailed })
				resp, text := c.call(t, http.MethodGet, "/services/rest/record/v1/contact", "limit=1", "")
				code := "token_rejected"
				if detailed {
					code = tc.code
				}
				want := `OAuth realm="1234567_SB1", error="` + code + `", error_description="Invalid login attempt."`
				if got := resp.Header.Get("WWW-Authenticate"); resp.StatusCode != http.StatusUnauthorized || got != want ||
					!strings.Contains(text, `"INVALID_LOGIN"`) {
					t.Errorf("detailed %v: %d, %s: %s", detailed, resp.StatusCode, got, text)
				}
				attempts := server.SignInList()
				if last := attempts[len(attempts)-1]; last.Accepted || !strings.HasPrefix(last.Reason, tc.code+": ") {
					t.Errorf("recorded as %+v", last)
				}
			}
		})
	}
}

// TestNonces checks that a nonce can be used once for a time. Rejected requests do not use it up.
func TestNonces(t *testing.T) {
	t.Parallel()
	server := start(t, netsuite.Options{})
	same := newClient(server)
	same.parameters["oauth_nonce"] = "sameSAME0"
	wrong := &client{server: server, parameters: maps.Clone(same.parameters), consumer: "x", token: same.token}
	later := &client{server: server, parameters: maps.Clone(same.parameters), consumer: same.consumer, token: same.token}
	later.parameters["oauth_timestamp"] = seconds(at.Add(time.Second))
	var got []int
	for _, c := range []*client{wrong, same, same, later} {
		resp, _ := c.call(t, http.MethodGet, "/rest/tokeninfo", "", "")
		got = append(got, resp.StatusCode)
	}
	if fmt.Sprint(got) != "[401 200 401 200]" {
		t.Errorf("got %v", got)
	}
}

func TestMalformedHeaders(t *testing.T) {
	t.Parallel()
	server := start(t, netsuite.Options{})
	for _, header := range []string{
		"", "Bearer x", "OAuth", "OAuth realm=1", `OAuth realm="%zz"`, `OAuth %zz="1"`, `OAuth a="1",a="2"`,
	} {
		if resp, _ := send(t, server, http.MethodGet, "/rest/tokeninfo", header, ""); resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("%q: %d", header, resp.StatusCode)
		}
	}
}

// TestQueriesAreSigned checks that duplicates, blanks and encoded letters are part of the signature.
func TestQueriesAreSigned(t *testing.T) {
	t.Parallel()
	c := newClient(start(t, netsuite.Options{}))
	for _, query := range []string{"a=1&a=2", "limit=1&m=%C3%A9%20%2B", "b=&limit=1"} {
		if resp, text := c.call(t, http.MethodGet, "/services/rest/record/v1/contact", query, ""); resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", query, resp.StatusCode, text)
		}
	}
	if attempts := c.server.SignIns(); attempts.Accepted != 3 {
		t.Errorf("%+v", attempts)
	}
}
