package google_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
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
	server, err := google.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// said is an answer: the members of its JSON, if it has any.
type said struct {
	status int
	header http.Header
	json   map[string]any
	body   string
}

func do(t *testing.T, method, address, token string, form url.Values) said {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	answer := said{status: resp.StatusCode, header: resp.Header, body: string(body)}
	if len(body) < 50_000 && strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") { // more is a fault's
		if err := json.Unmarshal(body, &answer.json); err != nil {
			t.Fatalf("%v: %s", err, body)
		}
	}
	return answer
}

func (s said) text(name string) string {
	text, _ := s.json[name].(string)
	return text
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
	if answer.status != http.StatusOK {
		t.Fatalf("no token for %s: %+v", user, answer)
	}
	return answer.text("access_token")
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
