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

// start runs a stand-in that ends with the test.
func start(t *testing.T, options google.Options) *google.Server {
	t.Helper()
	return sandboxtest.Start(t, google.Start, options)
}

// said is an answer: the members of its JSON, if it has any.
type said struct {
	sandboxtest.Response
	json map[string]any
}

func do(t *testing.T, method, address, token string, form url.Values) said {
	t.Helper()
	req := sandboxtest.Request(t, method, address, form.Encode())
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	answer := said{Response: sandboxtest.Send(t, sandboxtest.Client(), req)}
	if len(answer.Body) < 50_000 && strings.HasPrefix(answer.Header.Get("Content-Type"), "application/json") { // more is a fault's
		if answer.json = answer.Object(); answer.json == nil {
			t.Fatal(answer.Body)
		}
	}
	return answer
}

// claims are those of a good assertion, for a user and scopes.
func claims(server *google.Server, user, scope string) jwt.MapClaims {
	now := time.Now()
	return jwt.MapClaims{
		"iss": server.ServiceAccount().Email, "sub": user, "scope": scope, "aud": google.Audience,
		"iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
}

// sign makes an assertion with the service account's key; kid may be empty.
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

func assert(t *testing.T, server *google.Server, assertion string) said {
	t.Helper()
	return do(t, http.MethodPost, server.TokenURL(), "", url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion},
	})
}

// token is an access token for a user with scopes.
func token(t *testing.T, server *google.Server, user, scope string) string {
	t.Helper()
	answer := assert(t, server, sign(t, server, claims(server, user, scope), ""))
	if answer.Status != http.StatusOK {
		t.Fatalf("no token for %s: %+v", user, answer)
	}
	return answer.Text("access_token")
}

func refresh(t *testing.T, server *google.Server, change url.Values) said {
	t.Helper()
	form := url.Values{
		"grant_type": {"refresh_token"}, "client_id": {server.Client().ID}, "client_secret": {server.Client().Secret},
		"refresh_token": {server.RefreshToken()},
	}
	maps.Copy(form, change)
	return do(t, http.MethodPost, server.TokenURL(), "", form)
}

func get(t *testing.T, server *google.Server, path, token string) said {
	t.Helper()
	return do(t, http.MethodGet, server.APIURL()+path, token, nil)
}

func fail(t *testing.T, server *google.Server, fault sandbox.Fault) {
	t.Helper()
	if err := server.Fail(fault, sandbox.UntilCleared); err != nil {
		t.Fatal(err)
	}
}
