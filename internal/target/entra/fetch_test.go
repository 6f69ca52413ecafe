package entra_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/pem"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
)

// Every secret is sent once, in the form, to the tenant's token endpoint only.
func TestSecretsReachTokenEndpoint(t *testing.T) {
	t.Parallel()
	grants(t, func(t *testing.T, authentication string) {
		b := start(t, nil)
		a := b.application(t, authentication)
		token := fetch(t, a)
		verified, err := b.Verify(token.AccessToken, api)
		if err != nil || verified.ClientID != b.App().ClientID || verified.App != (authentication != byRefresh) {
			t.Fatalf("%+v %v", verified, err)
		}
		form := b.forms(t)[0]
		want := map[string][]string{
			bySecret:      {"client_id", "client_secret", "grant_type", "scope"},
			byCertificate: {"client_assertion", "client_assertion_type", "client_id", "grant_type", "scope"},
			byRefresh:     {"client_id", "client_secret", "grant_type", "refresh_token", "scope"},
		}[authentication]
		if got := slices.Sorted(maps.Keys(form)); !slices.Equal(got, want) {
			t.Errorf("the form has %v, want %v", got, want)
		}
		for name, value := range a.Account.Credentials {
			if given, sent := form[name]; sent && !slices.Equal(given, []string{value}) {
				t.Errorf("%s is %q", name, given)
			}
		}
		if form.Get("scope") != scope || len(b.Requests()) != 1 {
			t.Errorf("scope %q in %d requests", form.Get("scope"), len(b.Requests()))
		}
	})
}

// The assertion names the app, the endpoint and the certificate, and is valid once, for minutes.
func TestAssertion(t *testing.T) {
	t.Parallel()
	b := start(t, nil)
	a := b.application(t, byCertificate)
	a.Account.Settings[entra.TenantID] = "example.onmicrosoft.com"
	fetch(t, a)
	fetch(t, a)
	block, _ := pem.Decode([]byte(b.App().Certificates[0]))
	thumbprint := sha256.Sum256(block.Bytes)
	ids := map[string]bool{}
	for _, form := range b.forms(t) {
		claims := jwt.RegisteredClaims{}
		token, _, err := jwt.NewParser().ParseUnverified(form.Get("client_assertion"), &claims)
		if err != nil {
			t.Fatal(err)
		}
		if token.Header["alg"] != "PS256" || token.Header["typ"] != "JWT" ||
			token.Header["x5t#S256"] != base64.RawURLEncoding.EncodeToString(thumbprint[:]) {
			t.Errorf("header %v", token.Header)
		}
		endpoint := b.URL() + "/example.onmicrosoft.com/oauth2/v2.0/token"
		if claims.Issuer != b.App().ClientID || claims.Subject != claims.Issuer || !slices.Equal(claims.Audience, []string{endpoint}) {
			t.Errorf("claims %+v", claims)
		}
		if length := claims.ExpiresAt.Sub(claims.NotBefore.Time); length > 10*time.Minute || claims.IssuedAt.IsZero() {
			t.Errorf("valid for %s, issued at %v", length, claims.IssuedAt)
		}
		ids[claims.ID] = true
	}
	if len(ids) != 2 || ids[""] {
		t.Errorf("ids %v", ids)
	}
	for _, request := range b.Requests() {
		for line := range strings.SplitSeq(a.Account.Credentials[entra.PrivateKey], "\n") {
			if len(line) > 16 && strings.Contains(string(request.Body), line) {
				t.Fatal("the private key was sent")
			}
		}
	}
}

// Entra returns a new refresh token with every response; the newest is used.
func TestRefreshTokenRotation(t *testing.T) {
	t.Parallel()
	b := start(t, nil)
	a := b.application(t, byRefresh)
	var next []string
	for range 3 {
		next = append(next, fetch(t, a).RefreshToken)
	}
	shown := make([]string, 0, 3)
	for _, form := range b.forms(t) {
		shown = append(shown, form.Get("refresh_token"))
	}
	if want := []string{a.Account.Credentials[entra.RefreshToken], next[0], next[1]}; !slices.Equal(shown, want) {
		t.Errorf("sent %v, want %v", shown, want)
	}
	if got := a.Account.Tokens.Rotated()[entra.RefreshToken]; got != next[2] {
		t.Errorf("stored %q, want %q", got, next[2])
	}
}

func TestRefreshTokenWithAssertion(t *testing.T) {
	t.Parallel()
	b := start(t, nil)
	a, certified := b.application(t, byRefresh), b.application(t, byCertificate)
	delete(a.Account.Credentials, entra.ClientSecret)
	maps.Copy(a.Account.Credentials, certified.Account.Credentials)
	fetch(t, a)
	if form := b.forms(t)[0]; form.Get("client_assertion") == "" || form.Get("grant_type") != "refresh_token" {
		t.Errorf("got %v", form)
	}
}

// The directory's decisions about an app, a user and a clock, and the fields to correct.
func TestRejections(t *testing.T) {
	t.Parallel()
	user := "riva-sync@example.com"
	people := func(change func(*sandbox.User)) func(directory, *entra.Application) error {
		return func(b directory, _ *entra.Application) error { return b.UpdateUser(user, change) }
	}
	setting := func(name, value string) func(directory, *entra.Application) error {
		return func(_ directory, a *entra.Application) error {
			a.Account.Settings[name] = value
			return nil
		}
	}
	for name, test := range map[string]struct {
		way     string
		change  func(directory, *entra.Application) error
		fault   target.Code
		field   string
		message string
	}{
		"wrong secret": {bySecret, func(b directory, _ *entra.Application) error { return b.SetSecret("other") },
			target.GivenCredentials, "client_secret", "AADSTS7000215"},
		"expired secret": {bySecret, func(b directory, _ *entra.Application) error { return b.ExpireSecrets() },
			target.GivenCredentials, "client_secret", "AADSTS7000222"},
		"another certificate": {byCertificate, func(b directory, _ *entra.Application) error {
			pair, err := sandboxcore.NewKeyPair(time.Now().AddDate(1, 0, 0))
			if err != nil {
				return err
			}
			return b.SetCertificate(pair.Certificate)
		}, target.GivenCredentials, "certificate", "AADSTS700027"},
		"revoked": {byRefresh, func(b directory, _ *entra.Application) error { return b.Revoke(user) },
			target.GivenCredentials, "refresh_token", "AADSTS50173"},
		"unknown refresh token": {byRefresh, func(_ directory, a *entra.Application) error {
			a.Account.Credentials[entra.RefreshToken] = "1.Anonsense"
			return nil
		}, target.GivenCredentials, "refresh_token", "AADSTS9002313"},
		"locked": {byRefresh, people(func(u *sandbox.User) { u.Locked = true }),
			target.GivenCredentials, "username", "AADSTS50053"},
		"disabled": {byRefresh, people(func(u *sandbox.User) { u.Enabled = false }),
			target.GivenCredentials, "username", "AADSTS50057"},
		"password expired": {byRefresh, people(func(u *sandbox.User) { u.PasswordExpired = true }),
			target.GivenCredentials, "username", "AADSTS50055"},
		"second factor": {byRefresh, people(func(u *sandbox.User) { u.MFA = true }),
			target.GivenCredentials, "refresh_token", "AADSTS50076"},
		"consent removed": {byRefresh, func(b directory, _ *entra.Application) error {
			return b.UpdateApp(func(a *sandbox.App) { a.Consents = nil })
		}, target.InsufficientPermission, "client_id", "AADSTS65001"},
		"disabled app": {bySecret, func(b directory, _ *entra.Application) error {
			return b.UpdateApp(func(a *sandbox.App) { a.Enabled = false })
		}, target.InsufficientPermission, "client_id", "AADSTS7000112"},
		"unknown app": {bySecret, setting(entra.ClientID, "00001111-aaaa-2222-bbbb-3333cccc4444"),
			target.Misconfigured, "client_id", "AADSTS700016"},
		"unknown tenant":  {bySecret, setting(entra.TenantID, "example.net"), target.Misconfigured, "tenant_id", "AADSTS90002"},
		"foreign tenant":  {bySecret, setting(entra.TenantID, "example.org"), target.Misconfigured, "client_id", "AADSTS700016"},
		"several tenants": {bySecret, setting(entra.TenantID, "common"), target.Misconfigured, "tenant_id", "AADSTS50194"},
		"unknown resource": {bySecret, func(_ directory, a *entra.Application) error {
			a.Scope = "https://other.example.com/.default"
			return nil
		}, target.Misconfigured, "url", "AADSTS500011"},
		"wrong scope": {bySecret, func(_ directory, a *entra.Application) error {
			a.Scope = api + "/Read"
			return nil
		}, target.Misconfigured, "url", "AADSTS1002012"},
		"down": {bySecret, func(b directory, _ *entra.Application) error { return b.Down() },
			target.SystemNotAvailable, "authority_url", "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, nil)
			a := b.application(t, test.way)
			if err := test.change(b, &a); err != nil {
				t.Fatal(err)
			}
			fault := requireFault(t, a)
			if fault.Code != test.fault || fault.Field != test.field || !fault.Message.Contains(test.message) {
				t.Errorf("got %+v", fault)
			}
			if attempts := b.SignIns().Attempts; attempts > 1 {
				t.Errorf("sent %d times", attempts)
			}
		})
	}
}

// A wrong clock is not a wrong key.
func TestClockSkew(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{-time.Hour, time.Hour} {
		b := start(t, func() time.Time { return time.Now().Add(skew) })
		fault := requireFault(t, b.application(t, byCertificate))
		if fault.Code != target.Misconfigured || !fault.NoField || !fault.Message.Contains("AADSTS700024") ||
			!strings.Contains(fault.Hint, "clock") {
			t.Errorf("%s: got %+v", skew, fault)
		}
	}
}

// For unknown numbers the value of "error" decides, as the documentation recommends.
func TestUnknownErrorNumbers(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]target.Code{
		"invalid_client": target.GivenCredentials, "invalid_grant": target.GivenCredentials,
		"interaction_required": target.GivenCredentials, "access_denied": target.InsufficientPermission,
		"unauthorized_client": target.Misconfigured, "invalid_scope": target.Misconfigured,
		"invalid_resource": target.Misconfigured, "invalid_request": target.Misconfigured,
		"invalid_tenant": target.Misconfigured, "server_error": target.SystemNotAvailable,
		"temporarily_unavailable": target.SystemNotAvailable,
	} {
		b := start(t, nil)
		if err := b.Fail(sandbox.ErrorCode(word), 1); err != nil {
			t.Fatal(err)
		}
		if fault := requireFault(t, b.application(t, bySecret)); fault.Code != want {
			t.Errorf("%s: got %+v", word, fault)
		}
	}
}

// Throttling has the requested wait.
func TestThrottled(t *testing.T) {
	t.Parallel()
	b := start(t, nil)
	if err := b.Fail(sandbox.Throttled(90*time.Second), 1); err != nil {
		t.Fatal(err)
	}
	fault := requireFault(t, b.application(t, bySecret))
	if fault.Code != target.Throttled || fault.RetryAfter != 90*time.Second {
		t.Errorf("got %+v", fault)
	}
}

// A certificate and a key whose line breaks were written out, or lost, sign in.
func TestSpellingsOfCertificateSignIn(t *testing.T) {
	t.Parallel()
	b := start(t, nil)
	credentials := b.application(t, byCertificate).Account.Credentials
	keys := pemtest.Spellings(credentials[entra.PrivateKey])
	for spelling, text := range pemtest.Spellings(credentials[entra.Certificate]) {
		a := b.application(t, byCertificate)
		a.Account.Credentials = target.Credentials{entra.Certificate: text, entra.PrivateKey: keys[spelling]}
		if fieldErrs := system().Validate(a.Account.Settings, a.Account.Credentials, a.Account.Network); len(fieldErrs) != 0 {
			t.Errorf("%s: %v", spelling, fieldErrs)
		}
		fetch(t, a)
	}
}
