package salesforce_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
)

// forms are the forms that the token endpoint received.
func forms(t *testing.T, server *sandbox.Server) []url.Values {
	t.Helper()
	var all []url.Values
	for _, request := range server.Requests() {
		if request.Operation != "token" {
			continue
		}
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

// Every secret is sent once, to the token endpoint only.
func TestSecretsReachTokenEndpoint(t *testing.T) {
	t.Parallel()
	grants(t, func(t *testing.T, grant string) {
		server := start(t, sandbox.Options{})
		a := account(t, server, grant)
		conformance.RequirePass(t, a, target.General, "")
		all := forms(t, server)
		if len(all) != 1 || server.SignInList()[0].Scheme != grant {
			t.Fatalf("got %d forms, sign-ins %+v", len(all), server.SignInList())
		}
		form := all[0]
		want := map[string]map[string]string{
			jwtBearer:         {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": form.Get("assertion")},
			clientCredentials: {"grant_type": clientCredentials, "client_id": server.App().ConsumerKey, "client_secret": secret},
			refreshToken: {
				"grant_type": refreshToken, "client_id": server.App().ConsumerKey, "client_secret": secret,
				"refresh_token": a.Credentials[refreshToken],
			},
		}[grant]
		if len(form) != len(want) {
			t.Errorf("the form has the fields %v", form)
		}
		for name, value := range want {
			if value == "" || form.Get(name) != value {
				t.Errorf("%s is %q, want %q", name, form.Get(name), value)
			}
		}
	})
}

func TestRefreshTokenWithoutSecret(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(t, server, refreshToken)
	delete(a.Credentials, "client_secret")
	if fault := conformance.RequireFault(t, a, target.General, ""); fault.Code != target.GivenCredentials {
		t.Errorf("if the app requires the secret: got %v", fault)
	}
	updateApp(t, server, func(app *sandbox.App) { app.SecretForRefresh = false })
	conformance.RequirePass(t, a, target.General, "")
}

// The assertion is signed with the key, names user and audience, and is valid for minutes. The key is never sent.
func TestAssertion(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(t, server, jwtBearer)
	a.Settings["username"] = "Riva-Sync@Example.com"
	conformance.RequirePass(t, a, target.General, "")
	key, err := jwt.ParseRSAPublicKeyFromPEM([]byte(server.App().Certificate))
	if err != nil {
		t.Fatal(err)
	}
	claims := jwt.MapClaims{}
	_, err = jwt.ParseWithClaims(forms(t, server)[0].Get("assertion"), claims,
		func(*jwt.Token) (any, error) { return key, nil }, jwt.WithValidMethods([]string{"RS256"}), jwt.WithExpirationRequired())
	if err != nil {
		t.Fatal(err)
	}
	if claims["iss"] != server.App().ConsumerKey || claims["sub"] != "Riva-Sync@Example.com" || claims["aud"] != server.LoginURL() {
		t.Errorf("got %v", claims)
	}
	expires, err := claims.GetExpirationTime()
	if err != nil || time.Until(expires.Time) > 3*time.Minute || time.Until(expires.Time) < 2*time.Minute {
		t.Errorf("it expires at %v: %v", expires, err)
	}
	for line := range strings.SplitSeq(server.App().PrivateKey, "\n") {
		for _, request := range server.Requests() {
			if len(line) > 16 && strings.Contains(string(request.Body)+request.Query+request.Path, line) {
				t.Fatal("the private key was sent")
			}
		}
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	grants(t, func(t *testing.T, grant string) {
		server := start(t, sandbox.Options{})
		service := server.Service()
		conformance.RequireIdentity(t, account(t, server, grant), target.Identity{
			Username: service.Username, UserID: service.ID, OrganizationID: service.OrganizationID, OrganizationName: "Example",
			Host: "127.0.0.1",
		})
	})
}

// A missing organization name does not fail the sign-in.
func TestSignInWithoutOrganizationName(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.FailUntilCleared(t, server, sandbox.APIError("INSUFFICIENT_ACCESS").ForOperation("query"))
	if got := conformance.RequirePass(t, account(t, server, jwtBearer), target.General, "").Message; !strings.HasPrefix(got,
		"Signed in as riva-sync@example.com. The API") {
		t.Errorf("got %q", got)
	}
}

func TestExpectedOrganization(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	long := server.Organization().ID
	lower := strings.ToLower(long[:15])
	for id, same := range map[string]bool{long: true, long[:15]: true, "00D" + lower[3:]: false, "00D5g000004Else": false} {
		a := account(t, server, jwtBearer)
		a.Settings["organization_id"] = id
		_, err := conformance.RunTest(t, a, target.General, "")
		fault, failed := target.AsFault(err)
		if failed == same || failed && (fault.Code != target.WrongIdentity || fault.Field != "organization_id") {
			t.Errorf("%s for %s: got %v", id, long, err)
		}
	}
}

// Any other user is rejected, by the app's policies or by an open browser session.
func TestExpectedUser(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	updateApp(t, server, func(app *sandbox.App) { app.RunAs = "somebody@example.com" })
	theirs, err := server.Approve("somebody@example.com")
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := server.Approve("riva-sync@example.org")
	if err != nil {
		t.Fatal(err)
	}
	refresh, elsewhere := account(t, server, refreshToken), account(t, server, refreshToken)
	refresh.Credentials[refreshToken], elsewhere.Credentials[refreshToken] = theirs, foreign
	for _, a := range []target.Account{account(t, server, clientCredentials), refresh, elsewhere} {
		fault := conformance.RequireFault(t, a, target.General, "")
		if fault.Code != target.WrongIdentity || fault.Field != "username" || len(fault.Help) == 0 {
			t.Errorf("got %+v", fault)
		}
	}
}

func TestContradictingCredentials(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(t, server, jwtBearer)
	a.Credentials["client_secret"] = secret
	fault := conformance.RequireFault(t, a, target.General, "")
	if fault.Code != target.Misconfigured || len(server.Requests()) != 0 {
		t.Errorf("got %+v", fault)
	}
}

func TestWrongAudience(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(t, server, jwtBearer)
	a.Settings["login_url"] = strings.Replace(server.LoginURL(), "127.0.0.1", "localhost", 1)
	fault := conformance.RequireFault(t, a, target.General, "")
	if fault.Code != target.Misconfigured || fault.Field != "login_url" || !fault.Message.Contains("Audience") {
		t.Errorf("got %+v", fault)
	}
}

// An expired or future assertion is rejected; the difference of the clocks is reported if it is known.
func TestClockSkew(t *testing.T) {
	t.Parallel()
	for skew, field := range map[time.Duration]string{-10 * time.Minute: "private_key", 10 * time.Minute: ""} {
		server := start(t, sandbox.Options{Now: func() time.Time { return time.Now().Add(skew) }})
		a := account(t, server, jwtBearer)
		if fault := conformance.RequireFault(t, a, target.General, ""); fault.Code != target.GivenCredentials ||
			fault.Field != field {
			t.Errorf("%s: got %+v", skew, fault)
		}
	}
	for date, text := range map[string]string{
		time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat): "ahead of the system's.",
		time.Now().Add(time.Hour).UTC().Format(http.TimeFormat):  "behind the system's.",
		time.Now().UTC().Format(http.TimeFormat):                 "(invalid_grant)",
	} {
		a := account(t, start(t, sandbox.Options{}), jwtBearer)
		a.Settings["login_url"] = serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", date)
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"error":"invalid_grant","error_description":"invalid assertion"}`))
		})
		if fault := conformance.RequireFault(t, a, target.General, ""); !strings.HasSuffix(fault.Message.String(), text) {
			t.Errorf("%s: got %q", date, fault.Message)
		}
	}
}

// serve returns the address of a server with the handler.
func serve(t *testing.T, response http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(response)
	t.Cleanup(server.Close)
	return server.URL
}

// A token is sent to Salesforce, or to the login host, and to no other host.
func TestUntrustedInstance(t *testing.T) {
	t.Parallel()
	arrived := make(chan string, 100)
	elsewhere := serve(t, func(_ http.ResponseWriter, r *http.Request) { arrived <- r.Header.Get("Authorization") })
	for _, instance := range []string{
		strings.Replace(elsewhere, "127.0.0.1", "localhost", 1), "https://acme.my.salesforce.com", "https://evil.example.com",
		"http://192.0.2.1", "ftp://127.0.0.1", "127.0.0.1", "https://127.0.0.1", "http://user:pw@127.0.0.1", elsewhere + "/path",
		elsewhere + "?query", "http://",
	} {
		server := start(t, sandbox.Options{InstanceURL: instance})
		a := account(t, server, jwtBearer)
		fault := conformance.RequireFault(t, a, target.General, "")
		if fault.Code != target.Misconfigured || fault.Field != "login_url" {
			t.Errorf("%s: got %+v", instance, fault)
		}
		if a.Tokens.Access(time.Now()) != nil {
			t.Errorf("%s: the token is stored", instance)
		}
	}
	if len(arrived) != 0 {
		t.Error("a token was sent to another host")
	}
}

// Echoed secrets are masked: those that were sent, those that the system issued, and signed assertions.
func TestEchoedSecretsAreMasked(t *testing.T) {
	t.Parallel()
	grants(t, func(t *testing.T, grant string) {
		server := start(t, sandbox.Options{})
		conformance.FailUntilCleared(t, server, sandbox.Echo())
		a := account(t, server, grant)
		fault := conformance.RequireFault(t, a, target.General, "")
		for name, value := range forms(t, server)[0] {
			if name != "grant_type" && name != "client_id" && fault.Message.Contains(value[0]) {
				t.Errorf("%s is in %q", name, fault.Message)
			}
		}
		server.Clear()
		session := conformance.SignIn(t, a)
		token := a.Tokens.Access(time.Now()).AccessToken
		conformance.FailUntilCleared(t, server, sandbox.APIError("UNKNOWN_EXCEPTION").WithMessage("token "+token+" failed"))
		_, err := session.Run(t.Context(), target.General, "")
		if fault, ok := target.AsFault(err); !ok || fault.Message.Contains(token) || !fault.Message.Contains("***") {
			t.Errorf("got %v", err)
		}
	})
}

func TestSignInIsCanceled(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.FailUntilCleared(t, server, sandboxcore.Slow())
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	a := account(t, server, jwtBearer)
	_, _, err := call.SignIn(ctx, a)
	if fault, ok := target.AsFault(err); !ok || fault.Code != target.SystemNotAvailable {
		t.Errorf("deadline: got %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	if _, _, err := call.SignIn(ctx, a); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: got %v", err)
	}
}

// A key whose line breaks were written out, or lost, signs in.
func TestSpellingsOfKeySignIn(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(t, server, jwtBearer)
	for spelling, key := range pemtest.Spellings(a.Credentials["private_key"]) {
		a.Credentials["private_key"], a.Tokens = key, nil
		if fieldErrs := a.System.Validate(a.Settings, a.Credentials, a.Network); len(fieldErrs) != 0 {
			t.Errorf("%s: %v", spelling, fieldErrs)
		}
		conformance.RequirePass(t, a, target.General, "")
	}
}
