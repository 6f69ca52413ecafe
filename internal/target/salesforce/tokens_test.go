package salesforce_test

import (
	"testing"
	"time"

	"golang.org/x/oauth2"

	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

func TestTokenIsReused(t *testing.T) {
	t.Parallel()
	grants(t, func(t *testing.T, grant string) {
		server := start(t, sandbox.Options{})
		a := account(t, server, grant)
		conformance.RequirePass(t, a, target.General, "")
		conformance.RequirePass(t, a, target.Contacts, "")
		if got := len(conformance.Calls(server, "token")); got != 1 {
			t.Errorf("%d token requests for two sign-ins", got)
		}
		b := a
		b.Tokens = new(target.Tokens)
		conformance.RequirePass(t, b, target.General, "")
		if got := len(conformance.Calls(server, "token")); got != 2 {
			t.Errorf("%d token requests with other tokens", got)
		}
		b.Tokens = nil
		conformance.RequirePass(t, b, target.General, "")
	})
}

// A revoked token is replaced once, at the sign-in or between two calls of a session.
func TestRevokedTokenIsReplaced(t *testing.T) {
	t.Parallel()
	grants(t, func(t *testing.T, grant string) {
		server := start(t, sandbox.Options{})
		a := account(t, server, grant)
		conformance.RequirePass(t, a, target.General, "")
		expire(t, server)
		conformance.RequirePass(t, a, target.General, "") // userinfo rejects it first
		if got := len(conformance.Calls(server, "token")); got != 2 {
			t.Errorf("%d token requests, want 2", got)
		}
		session := conformance.SignIn(t, a)
		expire(t, server)
		if _, err := session.Run(t.Context(), target.Mail, ""); err != nil { // the REST API rejects it
			t.Error(err)
		}
		if got := len(conformance.Calls(server, "token")); got != 3 {
			t.Errorf("%d token requests, want 3", got)
		}
	})
}

func expire(t *testing.T, server *sandbox.Server) {
	t.Helper()
	if err := server.ExpireSessions(""); err != nil {
		t.Fatal(err)
	}
}

func TestTokenRejectedTwice(t *testing.T) {
	t.Parallel()
	grants(t, func(t *testing.T, grant string) {
		for _, operation := range []string{"userinfo", "resources"} {
			server := start(t, sandbox.Options{})
			fault := sandbox.APIError("INVALID_SESSION_ID")
			if operation == "userinfo" {
				fault = sandbox.IdentityError("Bad_OAuth_Token")
			}
			conformance.FailUntilCleared(t, server, fault.ForOperation(operation))
			a := account(t, server, grant)
			got := conformance.RequireFault(t, a, target.General, "")
			if got.Code != target.GivenCredentials || got.Field != "" {
				t.Errorf("%s: got %+v", operation, got)
			}
			if got := len(conformance.Calls(server, "token")); got != 2 {
				t.Errorf("%s: %d token requests, want 2", operation, got)
			}
			if a.Tokens.Access(time.Now()) != nil {
				t.Errorf("%s: a rejected token stays in use", operation)
			}
		}
	})
}

// A token is not used in its last minute.
func TestTokenExpiry(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(t, server, jwtBearer)
	a.Tokens.SetAccess(&oauth2.Token{AccessToken: "old", Expiry: time.Now().Add(50 * time.Second)})
	conformance.RequirePass(t, a, target.General, "")
	if got := len(conformance.Calls(server, "token")); got != 1 {
		t.Errorf("%d token requests", got)
	}
	for _, request := range server.Requests() {
		if request.Header.Get("Authorization") == "Bearer old" {
			t.Error("the old token was used")
		}
	}
}

func TestRevokedRefreshToken(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(t, server, refreshToken)
	conformance.RequirePass(t, a, target.General, "")
	if err := server.RevokeTokens(""); err != nil {
		t.Fatal(err)
	}
	if fault := conformance.RequireFault(t, a, target.General, ""); fault.Code != target.GivenCredentials ||
		fault.Field != refreshToken {
		t.Errorf("got %+v", fault)
	}
}

func TestRotatedRefreshToken(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(t, server, refreshToken)
	conformance.RequirePass(t, a, target.General, "")
	if got := a.Tokens.Rotated(); got != nil {
		t.Fatalf("%s without a replacement", got)
	}
	updateApp(t, server, func(app *sandbox.App) { app.RotateRefreshTokens = true })
	previous := a.Credentials[refreshToken]
	for range 2 { // the second time, the replacement is used
		expire(t, server)
		conformance.RequirePass(t, a, target.General, "")
		rotated := a.Tokens.Rotated()[refreshToken]
		if rotated == "" || rotated == previous {
			t.Fatal("the replacement is not stored")
		}
		previous = rotated
	}
	if a.Credentials[refreshToken] == previous {
		t.Error("the account's own credentials were changed")
	}
}

// The replacement of a refresh token is stored, whatever fails later: the old one is invalid.
func TestRotationSurvivesFailure(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{InstanceURL: "https://evil.example.com"})
	updateApp(t, server, func(app *sandbox.App) { app.RotateRefreshTokens = true })
	a := account(t, server, refreshToken)
	if fault := conformance.RequireFault(t, a, target.General, ""); fault.Code != target.Misconfigured ||
		a.Tokens.Rotated()[refreshToken] == "" {
		t.Errorf("got %+v, rotated %s", fault, a.Tokens.Rotated())
	}
}
