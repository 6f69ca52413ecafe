package google_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/oauth2"
	oauthjwt "golang.org/x/oauth2/jwt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
)

func TestAssertionsAreVerified(t *testing.T) {
	t.Parallel()
	const invalid, scope = "invalid_grant", mail + " " + calendar
	at := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
	for name, test := range map[string]struct {
		change  map[string]any // of the claims; nil removes a claim
		arrange func(*google.Server)
		status  int
		code    string
		text    string
	}{
		"valid":          {nil, nil, 200, "", ""},
		"own address":    {map[string]any{"aud": "own"}, nil, 200, "", ""},
		"old name":       {map[string]any{"sub": nil, "prn": "ada@example.com"}, nil, 200, "", ""},
		"an alias":       {map[string]any{"sub": "ada.lovelace@example.com"}, nil, 200, "", ""},
		"for itself":     {map[string]any{"sub": nil}, nil, 200, "", ""},
		"suspended user": {map[string]any{"sub": "left@example.com"}, nil, 200, "", ""},
		"another account": {
			map[string]any{"iss": "x@example.iam.gserviceaccount.com"}, nil, 400, invalid, "account not found",
		},
		"another audience": {map[string]any{"aud": "https://example.com/token"}, nil, 400, invalid, "audience"},
		"too long":         {map[string]any{"exp": at(2 * time.Hour)}, nil, 400, invalid, "short-lived"},
		"expired":          {map[string]any{"iat": at(-2 * time.Hour), "exp": at(-time.Hour)}, nil, 400, invalid, "short-lived"},
		"not yet valid":    {map[string]any{"iat": at(time.Hour), "exp": at(2 * time.Hour)}, nil, 400, invalid, "short-lived"},
		"without an end":   {map[string]any{"exp": nil}, nil, 400, invalid, "short-lived"},
		"no scope":         {map[string]any{"scope": ""}, nil, 400, "invalid_scope", "Invalid OAuth scope"},
		"no such scope":    {map[string]any{"scope": mail + ".x"}, nil, 400, "invalid_scope", "Invalid OAuth scope"},
		"wider scope":      {map[string]any{"scope": "https://mail.google.com/"}, nil, 401, "unauthorized_client", "any of the scopes"},
		"another API": {
			map[string]any{"scope": "https://www.googleapis.com/auth/drive"}, nil, 401, "unauthorized_client", "any of the scopes",
		},
		"unknown user":     {map[string]any{"sub": "nobody@example.com"}, nil, 400, invalid, "Invalid email or User ID"},
		"not an address":   {map[string]any{"sub": "ada"}, nil, 400, invalid, "Not a valid email."},
		"another customer": {map[string]any{"sub": "riva-sync@example.org"}, nil, 401, "unauthorized_client", "any of the scopes"},
		"deleted user": {nil, func(s *google.Server) {
			_ = s.Update("ada@example.com", func(u *google.User) { u.Deleted = true })
		}, 400, invalid, "has been deleted"},
		"disabled account": {nil, func(s *google.Server) {
			s.UpdateServiceAccount(func(a *google.ServiceAccount) { a.Disabled = true })
		}, 400, invalid, "account not found"},
		"disabled key": {nil, func(s *google.Server) {
			s.UpdateServiceAccount(func(a *google.ServiceAccount) { a.KeyDisabled = true })
		}, 401, "disabled_client", "disabled"},
		"one of two scopes is delegated": {nil, func(s *google.Server) {
			s.UpdateServiceAccount(func(a *google.ServiceAccount) { a.Delegated = []string{mail} })
		}, 401, "unauthorized_client", "any of the scopes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, google.Options{})
			if test.arrange != nil {
				test.arrange(server)
			}
			c := claims(server, "ada@example.com", scope)
			maps.Copy(c, test.change)
			maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
			if c["aud"] == "own" {
				c["aud"] = server.TokenURL()
			}
			got := assert(t, server, sign(t, server, c, server.ServiceAccount().KeyID))
			if got.Status != test.status || got.Text("error") != test.code || !strings.Contains(got.Text("error_description"), test.text) {
				t.Fatalf("got %d %s", got.Status, got.Body)
			}
			if test.code == "" && (got.Text("token_type") != "Bearer" || got.json["expires_in"] != 3599.0 || len(got.json) != 3) {
				t.Errorf("got %s", got.Body)
			}
			if last := server.SignInList()[0]; last.Accepted != (test.code == "") || last.Scheme != google.GrantJWTBearer {
				t.Errorf("recorded as %+v", last)
			}
		})
	}
}

func TestSignaturesAreVerified(t *testing.T) {
	t.Parallel()
	server := start(t, google.Options{})
	c := claims(server, "ada@example.com", mail)
	valid := sign(t, server, c, "")
	hmac, err := jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString([]byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	other := sign(t, server, claims(server, "grace@example.com", mail), "")
	mixed := valid[:strings.LastIndex(valid, ".")] + other[strings.LastIndex(other, "."):]
	_, rest, _ := strings.Cut(valid, ".")
	none := "eyJhbGciOiJub25lIn0." + rest
	for name, assertion := range map[string]string{
		"another algorithm": hmac, "another's signature": mixed, "no signature": none, "another key's id": sign(t, server, c, "0123"),
		"no token": "a.b", "no base64": "!.!.!", "no JSON": "eA.eA.eA", "empty": "",
	} {
		if got := assert(t, server, assertion); got.Status != 400 || got.Text("error_description") != "Invalid JWT Signature." {
			t.Errorf("%s: got %d %s", name, got.Status, got.Body)
		}
	}
	old := server.KeyFile()
	if changed, err := server.RotateKey(); err != nil || changed == old || changed != server.KeyFile() {
		t.Errorf("the key file is the same: %v", err)
	}
	if got := assert(t, server, valid); got.Text("error_description") != "Invalid JWT Signature." {
		t.Errorf("after a new key: %s", got.Body)
	}
	if got := assert(t, server, sign(t, server, c, "")); got.Status != 200 {
		t.Errorf("with the new key: %s", got.Body)
	}
}

// TestGoLibrary signs in with the library of Go programs, which uses the address in the key file.
func TestGoLibrary(t *testing.T) {
	t.Parallel()
	server := start(t, google.Options{})
	var file map[string]string
	if err := json.Unmarshal([]byte(server.KeyFile()), &file); err != nil {
		t.Fatal(err)
	}
	config := &oauthjwt.Config{
		Email: file["client_email"], PrivateKey: []byte(file["private_key"]), PrivateKeyID: file["private_key_id"],
		TokenURL: file["token_uri"], Scopes: []string{mail}, Subject: "grace@example.com",
	}
	if got := library(t, server, config); !strings.Contains(got.Body, `"emailAddress":"grace@example.com"`) {
		t.Errorf("got %s", got.Body)
	}
	config.Subject = "nobody@example.com"
	if _, err := config.TokenSource(t.Context()).Token(); err == nil || !strings.Contains(err.Error(), "Invalid email or User ID") {
		t.Errorf("got %v", err)
	}
	config.Subject, config.Audience = "ada@example.com", google.Audience
	if got := library(t, server, config); !strings.Contains(got.Body, `"emailAddress":"ada@example.com"`) {
		t.Errorf("got %s", got.Body)
	}
}

// library reads the profile with the HTTP client of the library.
func library(t *testing.T, server *google.Server, config *oauthjwt.Config) response {
	t.Helper()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	ctx := context.WithValue(t.Context(), oauth2.HTTPClient, &http.Client{Transport: transport})
	access, err := config.TokenSource(ctx).Token()
	if err != nil {
		t.Fatal(err)
	}
	return get(t, server, "/gmail/v1/users/me/profile?alt=json&prettyPrint=false", access.AccessToken)
}

func TestTokenFaults(t *testing.T) {
	t.Parallel()
	for code, status := range map[string]int{
		"invalid_grant": 400, "access_denied": 403, "deleted_client": 401, "internal_failure": 500, "invalid_scope": 400,
	} {
		server := start(t, google.Options{})
		fail(t, server, google.TokenError(code))
		if got := refresh(t, server, nil); got.Status != status || got.Text("error") != code || got.Text("error_description") == "" {
			t.Errorf("%s: got %d %s", code, got.Status, got.Body)
		}
	}
	server := start(t, google.Options{})
	for _, f := range []sandbox.Fault{
		{Kind: "odd"}, google.TokenError("x y"), google.APIError(""),
		{Kind: google.KindAPIError, Code: "x", Status: 200},
	} {
		if server.Fail(f, 1) == nil {
			t.Errorf("%+v is accepted", f)
		}
	}
}
