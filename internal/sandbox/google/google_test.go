package google_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// The scopes of the tests.
const (
	mail      = "https://www.googleapis.com/auth/gmail.readonly"
	calendar  = "https://www.googleapis.com/auth/calendar.readonly"
	contacts  = "https://www.googleapis.com/auth/contacts.readonly"
	directory = "https://www.googleapis.com/auth/admin.directory.user.readonly"
)

// start starts a stand-in that is closed after the test.
func start(t *testing.T, options google.Options) *google.Server {
	t.Helper()
	return sandboxtest.Start(t, google.Start, options)
}

// response is a response with the members of its JSON, if it has any.
type response struct {
	sandboxtest.Response
	json map[string]any
}

func do(t *testing.T, method, address, token string, form url.Values) response {
	t.Helper()
	req := sandboxtest.Request(t, method, address, form.Encode())
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	got := response{Response: sandboxtest.Send(t, sandboxtest.Client(), req)}
	// A larger body comes from a fault.
	if len(got.Body) < 50_000 && strings.HasPrefix(got.Header.Get("Content-Type"), "application/json") {
		if got.json = got.Object(); got.json == nil {
			t.Fatal(got.Body)
		}
	}
	return got
}

// claims are the claims of a valid assertion, for a user and scopes.
func claims(server *google.Server, user, scope string) jwt.MapClaims {
	now := time.Now()
	return jwt.MapClaims{
		"iss": server.ServiceAccount().Email, "sub": user, "scope": scope, "aud": google.Audience,
		"iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
}

// sign signs an assertion with the service account's key. kid may be empty.
func sign(t *testing.T, server *google.Server, c jwt.MapClaims, kid string) string {
	t.Helper()
	key, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(server.ServiceAccount().PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, c)
	if kid != "" {
		token.Header["kid"] = kid
	}
	signed, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func assert(t *testing.T, server *google.Server, assertion string) response {
	t.Helper()
	return do(t, http.MethodPost, server.TokenURL(), "", url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion},
	})
}

// token returns an access token for a user with scopes.
func token(t *testing.T, server *google.Server, user, scope string) string {
	t.Helper()
	got := assert(t, server, sign(t, server, claims(server, user, scope), ""))
	if got.Status != http.StatusOK {
		t.Fatalf("no token for %s: %+v", user, got)
	}
	return got.Text("access_token")
}

func refresh(t *testing.T, server *google.Server, change url.Values) response {
	t.Helper()
	form := url.Values{
		"grant_type": {"refresh_token"}, "client_id": {server.Client().ID}, "client_secret": {server.Client().Secret},
		"refresh_token": {server.RefreshToken()},
	}
	maps.Copy(form, change)
	return do(t, http.MethodPost, server.TokenURL(), "", form)
}

func get(t *testing.T, server *google.Server, path, token string) response {
	t.Helper()
	return do(t, http.MethodGet, server.APIURL()+path, token, nil)
}

func fail(t *testing.T, server *google.Server, fault sandbox.Fault) {
	t.Helper()
	if err := server.Fail(fault, sandbox.UntilCleared); err != nil {
		t.Fatal(err)
	}
}
