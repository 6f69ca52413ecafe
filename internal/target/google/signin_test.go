package google_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
)

// forms are the forms that the token endpoint received.
func forms(t *testing.T, server *sandbox.Server) []url.Values {
	t.Helper()
	var all []url.Values
	for _, request := range conformance.Calls(server, "token") {
		form, err := url.ParseQuery(string(request.Body))
		if err != nil {
			t.Fatal(err)
		}
		if request.Header.Get("Authorization") != "" || request.Query != "" {
			t.Error("secrets must be in the form only")
		}
		all = append(all, form)
	}
	return all
}

// claims returns the claims of an assertion, if it is signed with the key.
func claims(t *testing.T, server *sandbox.Server, assertion string) (jwt.MapClaims, map[string]any) {
	t.Helper()
	private, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(server.ServiceAccount().PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	body := jwt.MapClaims{}
	token, err := jwt.ParseWithClaims(assertion, body, func(*jwt.Token) (any, error) { return &private.PublicKey, nil },
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithExpirationRequired(), jwt.WithIssuedAt())
	if err != nil {
		t.Fatal(err)
	}
	return body, token.Header
}

func TestAssertion(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.RequirePass(t, account(server, serviceAccount), target.Calendar, "ada.lovelace@example.com")
	var requested []string
	for _, form := range forms(t, server) {
		if len(form) != 2 || form.Get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" {
			t.Errorf("the form is %v", form)
		}
		body, header := claims(t, server, form.Get("assertion"))
		robot := server.ServiceAccount()
		if body["iss"] != robot.Email || body["aud"] != sandbox.Audience || header["kid"] != robot.KeyID {
			t.Errorf("got %v, %v", body, header)
		}
		expires, err := body.GetExpirationTime()
		if err != nil || time.Until(expires.Time) > 10*time.Minute || time.Until(expires.Time) < time.Minute {
			t.Errorf("it expires at %v: %v", expires, err)
		}
		sub, _ := body["sub"].(string)
		scope, _ := body["scope"].(string)
		requested = append(requested, sub+" "+strings.TrimPrefix(scope, "https://www.googleapis.com/auth/"))
	}
	want := "riva-sync@example.com gmail.readonly, riva-sync@example.com admin.directory.user.readonly, " +
		"ada@example.com calendar.readonly"
	if got := strings.Join(requested, ", "); got != want {
		t.Errorf("requested %s, want %s", got, want)
	}
	for line := range strings.SplitSeq(server.ServiceAccount().PrivateKey, "\n") {
		for _, request := range server.Requests() {
			if len(line) > 16 && strings.Contains(string(request.Body)+request.Query+request.Path, line) {
				t.Fatal("the private key was sent")
			}
		}
	}
}

func TestSecretsReachTokenEndpoint(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.RequirePass(t, account(server, refreshToken), target.Mail, "")
	all := forms(t, server)
	if len(all) != 1 {
		t.Fatalf("%d forms", len(all))
	}
	want := url.Values{
		"grant_type": {"refresh_token"}, "client_id": {server.Client().ID}, "client_secret": {secret},
		"refresh_token": {server.RefreshToken()},
	}
	if got := all[0]; got.Encode() != want.Encode() {
		t.Errorf("got %v", got)
	}
	for _, request := range server.Requests() {
		if request.Operation != "token" && strings.Contains(string(request.Body)+request.Query, url.QueryEscape(secret)) {
			t.Error("the secret was sent to an API")
		}
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	grants(t, func(t *testing.T, grant string) {
		server := start(t, sandbox.Options{})
		a := account(server, grant)
		a.Settings["admin_email"] = "Riva-Sync@example.com"
		admin := server.Admin()
		conformance.RequireIdentity(t, a, target.Identity{
			Username: admin.Email, UserID: admin.ID, OrganizationID: admin.CustomerID, OrganizationName: "example.com",
			Host: "127.0.0.1",
		})
	})
}

// Missing ids do not fail the sign-in: only tests of users need the directory.
func TestIdentityWithoutDirectory(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	delegate(server, mailScope)
	conformance.RequirePass(t, account(server, serviceAccount), target.General, "")
	conformance.FailUntilCleared(t, server, sandboxcore.Maintenance().ForOperation("user"))
	got := conformance.RequirePass(t, account(server, refreshToken), target.General, "").Message
	if got != "Signed in as riva-sync@example.com of example.com." {
		t.Errorf("got %q", got)
	}
}

// The token of the administrator's mailbox is reused; an expired one is replaced.
func TestTokenIsReused(t *testing.T) {
	t.Parallel()
	grants(t, func(t *testing.T, grant string) {
		server := start(t, sandbox.Options{})
		delegate(server, mailScope) // no token for the directory is issued
		a := account(server, grant)
		accepted := func() int { return server.SignIns().Accepted }
		conformance.RequirePass(t, a, target.General, "")
		conformance.RequirePass(t, a, target.Mail, "")
		if got := accepted(); got != 1 {
			t.Errorf("%d tokens for two sign-ins", got)
		}
		if err := server.ExpireTokens(""); err != nil {
			t.Fatal(err)
		}
		conformance.RequirePass(t, a, target.General, "")
		if got := accepted(); got != 2 {
			t.Errorf("%d tokens after one expired", got)
		}
	})
}

// A sign-in requests a token for the directory, also with a stored token for the mailbox. If the key is rejected then, the
// sign-in fails, after one attempt.
func TestKeyRevokedWithStoredToken(t *testing.T) {
	t.Parallel()
	for _, user := range []string{"", "ada@example.com"} {
		server := start(t, sandbox.Options{})
		a := account(server, serviceAccount)
		conformance.RequirePass(t, a, target.General, "")
		server.UpdateServiceAccount(func(a *sandbox.ServiceAccount) { a.KeyDisabled = true })
		fault := conformance.RequireFault(t, a, target.General, user)
		if got := server.SignIns().Rejected; fault.Code != target.GivenCredentials || fault.Field != "service_account_key" || got != 1 {
			t.Errorf("for %q: got %+v after %d rejections", user, fault, got)
		}
	}
}

func TestTokenRejectedTwice(t *testing.T) {
	t.Parallel()
	grants(t, func(t *testing.T, grant string) {
		server := start(t, sandbox.Options{})
		conformance.FailUntilCleared(t, server, sandbox.APIError("authError"))
		a := account(server, grant)
		fault := conformance.RequireFault(t, a, target.General, "")
		if fault.Code != target.GivenCredentials || server.SignIns().Attempts != 2 || a.Tokens.Access(time.Now()) != nil {
			t.Errorf("got %+v after %d requests", fault, server.SignIns().Attempts)
		}
	})
}

// The token endpoint in a key file is compared, never called.
func TestKeyOfOtherEndpoint(t *testing.T) {
	t.Parallel()
	server, arrived := start(t, sandbox.Options{}), make(chan string, 10)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { arrived <- r.URL.Path }))
	t.Cleanup(elsewhere.Close)
	a := account(server, serviceAccount)
	a.Credentials["service_account_key"] = strings.Replace(server.KeyFile(), server.TokenURL(), elsewhere.URL+"/token", 1)
	fault := conformance.RequireFault(t, a, target.General, "")
	if fault.Code != target.Misconfigured || fault.Field != "service_account_key" || !fault.Message.Contains("token_uri") ||
		len(server.Requests()) != 0 || len(arrived) != 0 {
		t.Errorf("got %+v, %d requests", fault, len(server.Requests()))
	}
	// A key for Google's endpoint works with a private endpoint, which leads to Google.
	conformance.RequirePass(t, madeByGoogle(server), target.General, "")
}

// A wrong clock is reported if the response has a date.
func TestClock(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{Now: func() time.Time { return time.Now().Add(-2 * time.Hour) }})
	fault := conformance.RequireFault(t, account(server, serviceAccount), target.General, "")
	if fault.Code != target.Misconfigured ||
		!fault.Message.Contains("short-lived") {
		t.Errorf("got %+v", fault)
	}
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(-2*time.Hour).UTC().Format(http.TimeFormat))
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant","error_description":"Invalid JWT: Token must be a short-lived token"}`))
	}))
	t.Cleanup(other.Close)
	a := madeByGoogle(server)
	a.Settings["token_url"] = other.URL + "/token"
	if fault := conformance.RequireFault(t, a, target.General, ""); !fault.Message.Contains("ahead of the system's") {
		t.Errorf("got %+v", fault)
	}
}

// The private key is masked in every form: as in the file with escaped line breaks, with real ones, and each line.
func TestEchoedKeyIsMasked(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	key := server.ServiceAccount().PrivateKey
	for _, text := range []string{key, strings.ReplaceAll(key, "\n", `\n`), strings.Split(key, "\n")[3]} {
		server.Clear()
		conformance.FailUntilCleared(t, server, sandbox.TokenError("internal_failure").WithMessage("Backend Error: "+text))
		fault := conformance.RequireFault(t, account(server, serviceAccount), target.General, "")
		if fault.Message.Contains(strings.Split(key, "\n")[3]) || !fault.Message.Contains("***") {
			t.Errorf("got %s", fault.Message)
		}
	}
}

// A cycle uses more tokens than are stored for masking; those in use are still masked.
func TestEchoedTokenIsMasked(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	session := conformance.SignIn(t, account(server, serviceAccount))
	for range 10 {
		if _, err := session.Run(t.Context(), target.Calendar, "ada@example.com"); err != nil {
			t.Fatal(err)
		}
	}
	used := strings.TrimPrefix(conformance.Calls(server, "user")[0].Header.Get("Authorization"), "Bearer ")
	conformance.FailUntilCleared(t, server, sandbox.APIError("backendError").ForOperation("user").WithMessage("Cannot use "+used))
	if _, err := session.Run(t.Context(), target.Calendar, "ada@example.com"); err == nil ||
		strings.Contains(err.Error(), used) || !strings.Contains(err.Error(), "Cannot use ***") {
		t.Errorf("got %v", err)
	}
}

// A key file signs in whose line breaks, or those of the key in it, were written out or lost.
func TestSpellingsOfKeySignIn(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	files := map[string]string{}
	for spelling, key := range pemtest.Spellings(server.ServiceAccount().PrivateKey) {
		var file map[string]any
		if err := json.Unmarshal([]byte(server.KeyFile()), &file); err != nil {
			t.Fatal(err)
		}
		file["private_key"] = key
		text, err := json.MarshalIndent(file, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		files["private_key: "+spelling] = string(text)
	}
	whole := files["private_key: unchanged"]
	files["byte order mark"] = "\uFEFF" + whole
	files["written-out line breaks"] = strings.ReplaceAll(whole, "\n", `\n`)
	files["real line breaks in the key"] = strings.ReplaceAll(whole, `\n`, "\n")
	for spelling, file := range files {
		a := account(server, serviceAccount)
		a.Credentials["service_account_key"] = file
		if fieldErrs := a.System.Validate(a.Settings, a.Credentials, a.Network); len(fieldErrs) != 0 {
			t.Errorf("%s: %v", spelling, fieldErrs)
		}
		conformance.RequirePass(t, a, target.General, "")
	}
}
