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
var stage conformance.StartFunc[*sandbox.Server] = func(t *testing.T, tls *sandboxcore.TLS) (*sandbox.Server, target.Account) {
	t.Helper()
	server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: tls}})
	return server, account(server)
}

func TestConformance(t *testing.T) {
	t.Parallel()
	conformance.Run(t, subject())
}

type scenes = map[conformance.Situation]func(*testing.T) conformance.Case

func subject() conformance.Suite {
	s := conformance.Suite{
		Start:     stage.Start,
		Addresses: []string{"url"}, Operations: []string{"access_token", "current-user"}, Cases: accountScenes(),
		Impossible: map[conformance.Situation]string{conformance.ExternalEntities: "the answers are JSON, which has none"},
	}
	maps.Copy(s.Cases, scenes{
		conformance.Throttling:   s.Failing(sandbox.Throttled(conformance.Wait)),
		conformance.DeeplyNested: s.Failing(sandbox.Deep()),
		conformance.EchoedSecret: s.Failing(sandbox.Echo()),
	})
	s.Errors = signals(s)
	return s
}

// accountScenes are about who signs in and what they may do.
func accountScenes() scenes {
	return scenes{
		conformance.Works:       stage.ForUser(target.General, ""),
		conformance.WrongSecret: stage.WithValue("password", "wr0ng-canary"),
		// An administrator revoked the tokens, and gave the user another password.
		conformance.ExpiredOrRevoked: stage.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			conformance.RequirePass(t, s.Account, target.General, "")
			if _, err := server.ChangeSecret(); err != nil {
				t.Fatal(err)
			}
			s.SignIns = func() int { return server.SignIns().Rejected }
		}),
		// SuiteCRM's API locks nobody out; a user who is not active is kept out here.
		conformance.AccountLocked: stage.With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.Active = false })
		}),
		conformance.OtherIdentity: stage.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			conformance.RequirePass(t, s.Account, target.General, "") // the token goes on standing for the user, who gets another name
			conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.UserName = "renamed" })
		}),
		conformance.MissingRight: stage.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.Contacts = false })
			s.Test, s.User = target.Contacts, "ada@example.com"
		}),
		conformance.UnknownUser:       stage.ForUser(target.General, "nobody@example.com"),
		conformance.SeveralUsersMatch: stage.ForUser(target.Calendar, "team@example.com"),
	}
}

// atSignIn tells a fault that refuses the password itself.
func atSignIn(fault sandboxcore.Fault) bool { return fault.Kind == sandbox.KindTokenError }

// signals are what SuiteCRM, and the OAuth 2.0 server in it, say about failures.
func signals(s conformance.Suite) map[string]conformance.ErrorCase {
	failing := func(fault sandboxcore.Fault) func(*testing.T) conformance.Case {
		if atSignIn(fault) {
			return s.Failing(fault)
		}
		return s.FailingLater(fault) // a token that the API refuses is fetched once more
	}
	read := func(fault sandboxcore.Fault) func(*testing.T) conformance.Case {
		return stage.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			conformance.FailUntilCleared(t, server, fault)
			s.Test = target.Contacts
		})
	}
	all := map[string]conformance.ErrorCase{
		"refused password, repeated": {
			Fault: target.GivenCredentials, Field: "password", Message: "The password is invalid.",
			Setup: stage.WithValue("password", "wr0ng-canary"),
		},
		"unknown user name": {
			Fault: target.GivenCredentials, Field: "username", Message: "No user found", Setup: stage.WithValue("username", "nobody"),
		},
		"refused client secret": {
			Fault: target.GivenCredentials, Field: "client_secret", Message: "Client authentication failed",
			Setup: stage.WithValue("client_secret", "wr0ng-canary"),
		},
		"unknown client": {
			Fault: target.Misconfigured, Field: "client_id", Message: "is not found", Setup: stage.WithValue("client_id", "11111111-2222"),
		},
		"client for another grant": {
			Fault: target.GivenCredentials, Field: "client_secret",
			Setup: stage.With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Case) {
				server.UpdateClient(func(c *sandbox.Client) { c.Grant = "client_credentials" })
			}),
		},
		"no keys": {Fault: target.Misconfigured, Message: "private.key", Setup: failing(sandbox.NoKeys())},
		"no keys, once signed in": {
			Fault: target.Misconfigured, Message: "private.key", Setup: failing(sandbox.NoKeys().On("current-user")),
		},
		"keys that cannot be read": {
			Fault: target.Misconfigured, Message: "parse your key", Setup: failing(sandbox.TokenError(500, "unknown_error",
				"It was not possible to parse your key, reason: error:0909006C:PEM routines:get_name:no start line")),
		},
		"revoked right away": {
			Fault: target.GivenCredentials, Message: "revoked",
			Setup: failing(sandbox.Denied("Access token has been revoked")),
		},
		"web server drops the header": {
			Fault: target.Misconfigured, Field: "url", Message: "Authorization",
			Setup: failing(sandbox.Denied(`Missing "Authorization" header`)),
		},
		"SuiteCRM 8 at the address of 7": {
			Fault: target.Misconfigured, Field: "url", Message: "404",
			Setup: stage.With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Case) {
				server.UpdateInstance(func(i *sandbox.Instance) { i.Suite8 = true })
			}),
		},
		"version that finds nobody by address": {
			Fault: target.Misconfigured, Field: "url", Message: "7.12.3",
			Setup: stage.With(func(_ *testing.T, server *sandbox.Server, s *conformance.Case) {
				server.UpdateInstance(func(i *sandbox.Instance) { i.NoEmailFilter = true })
				s.User = "ada@example.com"
			}),
		},
		"role without users": {
			Fault: target.InsufficientPermission, Setup: stage.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
				conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.Users = false })
				s.User = "ada@example.com"
			}),
		},
		"module not to be seen": {
			Fault: target.InsufficientPermission,
			Setup: read(sandbox.APIError("The API user does not have access to this module.").On("Contacts")),
		},
		"module that is not there": {
			Fault: target.Misconfigured, Setup: read(sandbox.APIError("Module Contacts does not exist").On("Contacts")),
		},
		"database fails": {
			Fault: target.SystemNotAvailable,
			Setup: read(sandbox.APIError("Database failure. Please refer to suitecrm.log for details.").On("Contacts")),
		},
		"429": {Fault: target.Throttled, Setup: failing(sandboxcore.Status(http.StatusTooManyRequests))},
		"500": {Fault: target.SystemNotAvailable, Setup: failing(sandboxcore.Status(http.StatusInternalServerError))},
		"502": {Fault: target.SystemNotAvailable, Setup: failing(sandboxcore.Status(http.StatusBadGateway))},
		"unknown error": {
			Fault: target.SystemNotAvailable,
			Setup: failing(sandbox.TokenError(500, "unknown_error", "Call to a member function on null")),
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
		all["OAuth: "+name] = conformance.ErrorCase{
			Fault: refusal.means, Setup: failing(sandbox.TokenError(refusal.status, refusal.code, refusal.text)),
		}
	}
	return all
}
