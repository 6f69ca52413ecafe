package suitecrm_test

import (
	"maps"
	"net/http"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/suitecrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// stage is a stand-in, and an account that it lets in.
var stage conformance.Stage[*sandbox.Server] = func(t *testing.T, tls *sandboxcore.TLS) (*sandbox.Server, target.Account) {
	t.Helper()
	server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: tls}})
	return server, account(server)
}

func TestConformance(t *testing.T) {
	t.Parallel()
	conformance.Run(t, subject())
}

type scenes = map[conformance.Situation]func(*testing.T) conformance.Scene

func subject() conformance.Subject {
	s := conformance.Subject{
		Start:     stage.Start,
		Addresses: []string{"url"}, Operations: []string{"access_token", "current-user"}, Scenes: accountScenes(),
		Impossible: map[conformance.Situation]string{conformance.ExternalEntities: "the answers are JSON, which has none"},
	}
	maps.Copy(s.Scenes, scenes{
		conformance.Throttling:   s.Failing(sandbox.Throttled(conformance.Wait)),
		conformance.DeeplyNested: s.Failing(sandbox.Deep()),
		conformance.EchoedSecret: s.Failing(sandbox.Echo()),
	})
	s.Signals = signals(s)
	return s
}

// accountScenes are about who signs in and what they may do.
func accountScenes() scenes {
	return scenes{
		conformance.Works:       stage.About(target.General, ""),
		conformance.WrongSecret: stage.Given("password", "wr0ng-canary"),
		// An administrator revoked the tokens, and gave the user another password.
		conformance.ExpiredOrRevoked: stage.With(func(t *testing.T, server *sandbox.Server, s *conformance.Scene) {
			conformance.Pass(t, s.Account, target.General, "")
			if _, err := server.ChangeSecret(); err != nil {
				t.Fatal(err)
			}
			s.SignIns = func() int { return server.SignIns().Rejected }
		}),
		// SuiteCRM's API locks nobody out; a user who is not active is kept out here.
		conformance.AccountLocked: stage.With(func(t *testing.T, server *sandbox.Server, _ *conformance.Scene) {
			conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.Active = false })
		}),
		conformance.OtherIdentity: stage.With(func(t *testing.T, server *sandbox.Server, s *conformance.Scene) {
			conformance.Pass(t, s.Account, target.General, "") // the token goes on standing for the user, who gets another name
			conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.UserName = "renamed" })
		}),
		conformance.MissingRight: stage.With(func(t *testing.T, server *sandbox.Server, s *conformance.Scene) {
			conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.Contacts = false })
			s.Test, s.User = target.Contacts, "ada@example.com"
		}),
		conformance.UnknownUser:       stage.About(target.General, "nobody@example.com"),
		conformance.SeveralUsersMatch: stage.About(target.Calendar, "team@example.com"),
	}
}

// atSignIn tells a fault that refuses the password itself.
func atSignIn(fault sandboxcore.Fault) bool { return fault.Kind == sandbox.KindTokenError }

// signals are what SuiteCRM, and the OAuth 2.0 server in it, say about failures.
func signals(s conformance.Subject) map[string]conformance.Signal {
	failing := func(fault sandboxcore.Fault) func(*testing.T) conformance.Scene {
		if atSignIn(fault) {
			return s.Failing(fault)
		}
		return s.FailingLater(fault) // a token that the API refuses is fetched once more
	}
	reading := func(fault sandboxcore.Fault) func(*testing.T) conformance.Scene {
		return stage.With(func(t *testing.T, server *sandbox.Server, s *conformance.Scene) {
			conformance.Break(t, server, fault)
			s.Test = target.Contacts
		})
	}
	all := map[string]conformance.Signal{
		"refused password, repeated": {
			Means: target.GivenCredentials, Field: "password", Says: "The password is invalid.",
			Arrange: stage.Given("password", "wr0ng-canary"),
		},
		"unknown user name": {
			Means: target.GivenCredentials, Field: "username", Says: "No user found", Arrange: stage.Given("username", "nobody"),
		},
		"refused client secret": {
			Means: target.GivenCredentials, Field: "client_secret", Says: "Client authentication failed",
			Arrange: stage.Given("client_secret", "wr0ng-canary"),
		},
		"unknown client": {
			Means: target.Misconfigured, Field: "client_id", Says: "is not found", Arrange: stage.Given("client_id", "11111111-2222"),
		},
		"client for another grant": {
			Means: target.GivenCredentials, Field: "client_secret",
			Arrange: stage.With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Scene) {
				server.UpdateClient(func(c *sandbox.Client) { c.Grant = "client_credentials" })
			}),
		},
		"no keys": {Means: target.Misconfigured, Says: "private.key", Arrange: failing(sandbox.NoKeys())},
		"no keys, once signed in": {
			Means: target.Misconfigured, Says: "private.key", Arrange: failing(sandbox.NoKeys().ForOperation("current-user")),
		},
		"keys that cannot be read": {
			Means: target.Misconfigured, Says: "parse your key", Arrange: failing(sandbox.TokenError(500, "unknown_error",
				"It was not possible to parse your key, reason: error:0909006C:PEM routines:get_name:no start line")),
		},
		"revoked right away": {
			Means: target.GivenCredentials, Says: "revoked",
			Arrange: failing(sandbox.Denied("Access token has been revoked")),
		},
		"web server drops the header": {
			Means: target.Misconfigured, Field: "url", Says: "Authorization",
			Arrange: failing(sandbox.Denied(`Missing "Authorization" header`)),
		},
		"SuiteCRM 8 at the address of 7": {
			Means: target.Misconfigured, Field: "url", Says: "404",
			Arrange: stage.With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Scene) {
				server.UpdateInstance(func(i *sandbox.Instance) { i.Suite8 = true })
			}),
		},
		"version that finds nobody by address": {
			Means: target.Misconfigured, Field: "url", Says: "7.12.3",
			Arrange: stage.With(func(_ *testing.T, server *sandbox.Server, s *conformance.Scene) {
				server.UpdateInstance(func(i *sandbox.Instance) { i.NoEmailFilter = true })
				s.User = "ada@example.com"
			}),
		},
		"role without users": {
			Means: target.InsufficientPermission, Arrange: stage.With(func(t *testing.T, server *sandbox.Server, s *conformance.Scene) {
				conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.Users = false })
				s.User = "ada@example.com"
			}),
		},
		"module not to be seen": {
			Means:   target.InsufficientPermission,
			Arrange: reading(sandbox.APIError("The API user does not have access to this module.").ForOperation("Contacts")),
		},
		"module that is not there": {
			Means: target.Misconfigured, Arrange: reading(sandbox.APIError("Module Contacts does not exist").ForOperation("Contacts")),
		},
		"database fails": {
			Means:   target.SystemNotAvailable,
			Arrange: reading(sandbox.APIError("Database failure. Please refer to suitecrm.log for details.").ForOperation("Contacts")),
		},
		"429": {Means: target.Throttled, Arrange: failing(sandboxcore.Status(http.StatusTooManyRequests))},
		"500": {Means: target.SystemNotAvailable, Arrange: failing(sandboxcore.Status(http.StatusInternalServerError))},
		"502": {Means: target.SystemNotAvailable, Arrange: failing(sandboxcore.Status(http.StatusBadGateway))},
		"unknown error": {
			Means:   target.SystemNotAvailable,
			Arrange: failing(sandbox.TokenError(500, "unknown_error", "Call to a member function on null")),
		},
	}
	const credentials = "The user credentials were incorrect."
	for name, refusal := range map[string]struct {
		status int
		code   string
		text   string
		means  target.Code
	}{
		"before version 8":  {http.StatusUnauthorized, "invalid_credentials", credentials, target.GivenCredentials},
		"from version 8 on": {http.StatusBadRequest, "invalid_grant", credentials, target.GivenCredentials},
		"grant": {
			http.StatusBadRequest, "unsupported_grant_type",
			"The authorization grant type is not supported by the authorization server.", target.Misconfigured,
		},
		"request": {http.StatusBadRequest, "invalid_request", "The request is missing a required parameter.", target.Misconfigured},
		"scope":   {http.StatusBadRequest, "invalid_scope", "The requested scope is invalid.", target.Misconfigured},
		"server":  {http.StatusInternalServerError, "server_error", "An unexpected condition.", target.SystemNotAvailable},
	} {
		all["OAuth: "+name] = conformance.Signal{
			Means: refusal.means, Arrange: failing(sandbox.TokenError(refusal.status, refusal.code, refusal.text)),
		}
	}
	return all
}
