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

// starter starts a stand-in and makes an account that can sign in.
var starter conformance.StartFunc[*sandbox.Server] = func(t *testing.T, tls *sandboxcore.TLS) (*sandbox.Server, target.Account) {
	t.Helper()
	server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: tls}})
	return server, account(server)
}

func TestConformance(t *testing.T) {
	t.Parallel()
	conformance.Run(t, suite())
}

type cases = map[conformance.Situation]func(*testing.T) conformance.Case

func suite() conformance.Suite {
	s := conformance.Suite{
		Echo: sandbox.Echo(), Unknown: sandbox.TokenError(400, "never_heard_of", "It."),
		Start:     starter.Start,
		Addresses: []string{"url"}, Operations: []string{"access_token", "current-user"}, Cases: accountCases(),
		Impossible: map[conformance.Situation]string{conformance.ExternalEntities: "the responses are JSON, which has no entities"},
	}
	maps.Copy(s.Cases, cases{
		conformance.Throttling:   s.Failing(sandbox.Throttled(conformance.Wait)),
		conformance.DeeplyNested: s.Failing(sandbox.Deep()),
	})
	s.Errors = errorCases(s)
	return s
}

// accountCases are the cases about the identity and its rights.
func accountCases() cases {
	return cases{
		conformance.Works:       starter.ForUser(target.General, ""),
		conformance.WrongSecret: starter.WithValue("password", "wr0ng-canary"),
		// An administrator revoked the tokens, and changed the password.
		conformance.ExpiredOrRevoked: starter.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			conformance.RequirePass(t, s.Account, target.General, "")
			if _, err := server.ChangeSecret(); err != nil {
				t.Fatal(err)
			}
			s.SignIns = func() int { return server.SignIns().Rejected }
		}),
		// SuiteCRM's API has no lockout; an inactive user is rejected here.
		conformance.AccountLocked: starter.With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.Active = false })
		}),
		conformance.OtherIdentity: starter.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			conformance.RequirePass(t, s.Account, target.General, "") // the token stays valid for the user, whose name changes
			conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.UserName = "renamed" })
		}),
		conformance.MissingRight: starter.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.Contacts = false })
			s.Test, s.User = target.Contacts, "ada@example.com"
		}),
		conformance.UnknownUser:       starter.ForUser(target.General, "nobody@example.com"),
		conformance.SeveralUsersMatch: starter.ForUser(target.Calendar, "team@example.com"),
	}
}

// isRejectedPassword reports whether a fault rejects the password itself.
func isRejectedPassword(fault sandboxcore.Fault) bool { return fault.Kind == sandbox.KindTokenError }

// errorCases are the errors of SuiteCRM, and of its OAuth 2.0 server.
func errorCases(s conformance.Suite) map[string]conformance.ErrorCase {
	failing := func(fault sandboxcore.Fault) func(*testing.T) conformance.Case {
		if isRejectedPassword(fault) {
			return s.Failing(fault)
		}
		return s.FailingLater(fault) // a rejected token is replaced once
	}
	read := func(fault sandboxcore.Fault) func(*testing.T) conformance.Case {
		return starter.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			conformance.FailUntilCleared(t, server, fault)
			s.Test = target.Contacts
		})
	}
	all := map[string]conformance.ErrorCase{
		"rejected password, echoed": {
			Fault: target.GivenCredentials, Field: "password", Message: "The password is invalid.",
			Setup: starter.WithValue("password", "wr0ng-canary"),
		},
		"unknown user name": {
			Fault: target.GivenCredentials, Field: "username", Message: "No user found", Setup: starter.WithValue("username", "nobody"),
		},
		"rejected client secret": {
			Fault: target.GivenCredentials, Field: "client_secret", Message: "Client authentication failed",
			Setup: starter.WithValue("client_secret", "wr0ng-canary"),
		},
		"unknown client": {
			Fault: target.Misconfigured, Field: "client_id", Message: "is not found",
			Setup: starter.WithValue("client_id", "11111111-2222"),
		},
		"client for another grant": {
			Fault: target.GivenCredentials, Field: "client_secret",
			Setup: starter.With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Case) {
				server.UpdateClient(func(c *sandbox.Client) { c.Grant = "client_credentials" })
			}),
		},
		"no keys": {Fault: target.Misconfigured, Message: "private.key", Setup: failing(sandbox.NoKeys())},
		"no keys, once signed in": {
			Fault: target.Misconfigured, Message: "private.key", Setup: failing(sandbox.NoKeys().ForOperation("current-user")),
		},
		"unreadable keys": {
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
			Setup: starter.With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Case) {
				server.UpdateInstance(func(i *sandbox.Instance) { i.Suite8 = true })
			}),
		},
		"version without lookup by address": {
			Fault: target.Misconfigured, Field: "url", Message: "7.12.3",
			Setup: starter.With(func(_ *testing.T, server *sandbox.Server, s *conformance.Case) {
				server.UpdateInstance(func(i *sandbox.Instance) { i.NoEmailFilter = true })
				s.User = "ada@example.com"
			}),
		},
		"role without users": {
			Fault: target.InsufficientPermission, Setup: starter.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
				conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.Users = false })
				s.User = "ada@example.com"
			}),
		},
		"module not to be seen": {
			Fault: target.InsufficientPermission,
			Setup: read(sandbox.APIError("The API user does not have access to this module.").ForOperation("Contacts")),
		},
		"missing module": {
			Fault: target.Misconfigured, Setup: read(sandbox.APIError("Module Contacts does not exist").ForOperation("Contacts")),
		},
		"database fails": {
			Fault: target.SystemNotAvailable,
			Setup: read(sandbox.APIError("Database failure. Please refer to suitecrm.log for details.").ForOperation("Contacts")),
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
	for name, rejection := range map[string]struct {
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
			Fault: rejection.means, Setup: failing(sandbox.TokenError(rejection.status, rejection.code, rejection.text)),
		}
	}
	return all
}
