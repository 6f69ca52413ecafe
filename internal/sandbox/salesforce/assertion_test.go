package salesforce_test

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

// sign signs an assertion without a library.
func sign(t *testing.T, privateKey, header string, claims map[string]any) string {
	t.Helper()
	block, _ := pem.Decode([]byte(privateKey))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString(payload)
	sum := sha256.Sum256([]byte(signed))
	signer, ok := key.(crypto.Signer)
	if !ok {
		t.Fatalf("the key is a %T", key)
	}
	signature, err := signer.Sign(rand.Reader, sum[:], crypto.SHA256) // PKCS #1 v1.5 for an RSA key
	if err != nil {
		t.Fatal(err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

const rs256 = `{"alg":"RS256","typ":"JWT"}`

func TestAssertions(t *testing.T) {
	t.Parallel()
	now := newClock()
	b := start(t, salesforce.Options{Now: now.Now, Audiences: []string{"https://test.salesforce.com"}})
	app := b.App()
	in := func(d time.Duration) int64 { return now.Now().Add(d).Unix() }
	for name, tc := range map[string]struct {
		header      string
		change      func(map[string]any)
		modify      func(string) string
		error, text string // empty: accepted
		reason      string
	}{
		"valid":                       {},
		"only an algorithm":           {header: `{"alg":"RS256"}`},
		"the old name of the subject": {change: func(c map[string]any) { c["prn"] = c["sub"]; delete(c, "sub") }},
		"several audiences": {
			change: func(c map[string]any) { c["aud"] = []string{"https://example.com", b.LoginURL()} },
		},
		"fractions of a second":        {change: func(c map[string]any) { c["exp"] = float64(in(0)) + 0.5 }},
		"five minutes ahead":           {change: func(c map[string]any) { c["exp"] = in(5 * time.Minute) }},
		"a clock that is a little off": {change: func(c map[string]any) { c["exp"] = in(-29 * time.Second) }},
		"expired": {
			change: func(c map[string]any) { c["exp"] = in(-31 * time.Second) },
			error:  "invalid_grant", text: "expired authorization code", reason: "expired at",
		},
		"too far ahead": {
			change: func(c map[string]any) { c["exp"] = in(331 * time.Second) },
			error:  "invalid_grant", text: "invalid assertion", reason: "too far ahead",
		},
		"without expiry": {
			change: func(c map[string]any) { delete(c, "exp") },
			error:  "invalid_grant", text: "invalid assertion", reason: "without an expiry",
		},
		"not valid yet": {
			change: func(c map[string]any) { c["nbf"] = in(time.Minute) },
			error:  "invalid_grant", text: "invalid assertion", reason: "not valid yet",
		},
		"production's audience in a sandbox": {
			change: func(c map[string]any) { c["aud"] = "https://login.salesforce.com" },
			error:  "invalid_grant", text: "Audience validation failed", reason: "https://login.salesforce.com",
		},
		"no audience": {
			change: func(c map[string]any) { delete(c, "aud") },
			error:  "invalid_grant", text: "Audience validation failed", reason: "audience",
		},
		"another app": {
			change: func(c map[string]any) { c["iss"] = "3MVG9another" },
			error:  "invalid_client_id", text: "client identifier invalid", reason: "client",
		},
		"unknown user": {
			change: func(c map[string]any) { c["sub"] = "nobody@example.com" },
			error:  "invalid_grant", text: "user hasn't approved this consumer", reason: "unknown user",
		},
		"an inactive user": {
			change: func(c map[string]any) { c["sub"] = "left@example.com" },
			error:  "inactive_user", text: "user is inactive", reason: "inactive",
		},
		"changed after signing": {
			modify: func(s string) string {
				parts := strings.Split(s, ".")
				claims, _ := base64.RawURLEncoding.DecodeString(parts[1])
				claims = []byte(strings.Replace(string(claims), "riva-sync@example.com", "ada@example.com", 1))
				return parts[0] + "." + base64.RawURLEncoding.EncodeToString(claims) + "." + parts[2]
			},
			error: "invalid_grant", text: "invalid assertion", reason: "signature is invalid",
		},
		"without a signature": {
			header: `{"alg":"none"}`, modify: func(s string) string { return s[:strings.LastIndex(s, ".")+1] },
			error: "invalid_grant", text: "invalid assertion", reason: "method none",
		},
		"with another algorithm": {
			header: `{"alg":"HS256"}`, error: "invalid_grant", text: "invalid assertion", reason: "method HS256",
		},
		"with a broken header": {header: `{`, error: "invalid_grant", text: "invalid assertion", reason: "header"},
		"with broken claims": {
			change: func(c map[string]any) { c["aud"] = 1 },
			error:  "invalid_grant", text: "invalid assertion", reason: "malformed",
		},
		"in the wrong alphabet": {
			modify: func(s string) string { return s + "+" }, error: "invalid_grant", text: "invalid assertion", reason: "malformed",
		},
		"empty": {
			modify: func(string) string { return "" }, error: "invalid_grant", text: "invalid assertion", reason: "malformed",
		},
	} {
		claims := map[string]any{
			"iss": app.ConsumerKey, "sub": "riva-sync@example.com", "aud": "https://test.salesforce.com", "exp": in(3 * time.Minute),
		}
		if tc.change != nil {
			tc.change(claims)
		}
		header := tc.header
		if header == "" {
			header = rs256
		}
		assertion := sign(t, app.PrivateKey, header, claims)
		if tc.modify != nil {
			assertion = tc.modify(assertion)
		}
		got := b.form(b.LoginURL()+tokenPath, "grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion", assertion)
		if got.Text("error") != tc.error || got.Text("error_description") != tc.text || (tc.error == "") != (got.Status == 200) {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
		last := b.lastSignIn()
		if last.Accepted != (tc.error == "") || !strings.Contains(last.Reason, tc.reason) || last.Secret != assertion {
			t.Errorf("%s: recorded %+v", name, last)
		}
	}
}

func TestPublicKeyInsteadOfCertificate(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	block, _ := pem.Decode([]byte(b.App().Certificate))
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(certificate.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	b.updateApp(func(a *salesforce.App) {
		a.Certificate = string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	})
	if _, err := b.jwtConfig("riva-sync@example.com").TokenSource(b.context()).Token(); err != nil {
		t.Error(err)
	}
}
