package sugarcrm_test

import (
	"maps"
	"net/http"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sugarcrm"
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
		Echo: sandbox.Echo(), Unknown: sandbox.APIError("never_heard_of"),
		Start:     starter.Start,
		Addresses: []string{"url"}, Operations: []string{"token", "me", "ping"}, Cases: accountCases(),
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
		// An administrator ended the session, and changed the password.
		conformance.ExpiredOrRevoked: starter.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			conformance.RequirePass(t, s.Account, target.General, "")
			if _, err := server.ChangeSecret(); err != nil {
				t.Fatal(err)
			}
			s.SignIns = func() int { return server.SignIns().Rejected }
		}),
		conformance.AccountLocked: starter.With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.Locked = true })
		}),
		conformance.OtherIdentity: starter.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			conformance.RequirePass(t, s.Account, target.General, "") // the token stays valid for the user, whose name changes
			conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.UserName = "renamed" })
		}),
		conformance.MissingRight: starter.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.Admin = false })
			s.Test, s.User = target.Impersonation, "ada@example.com"
		}),
		conformance.UnknownUser:       starter.ForUser(target.Impersonation, "nobody@example.com"),
		conformance.SeveralUsersMatch: starter.ForUser(target.Calendar, "team@example.com"),
	}
}

// isRejectedPassword reports whether a fault rejects the password itself.
func isRejectedPassword(fault sandboxcore.Fault) bool { return fault.Operation == "token" }

// errorCases are Sugar's documented error labels, at the sign-in and later.
func errorCases(s conformance.Suite) map[string]conformance.ErrorCase {
	failing := func(fault sandboxcore.Fault) func(*testing.T) conformance.Case {
		if isRejectedPassword(fault) {
			return s.Failing(fault)
		}
		return s.FailingLater(fault) // a rejected token is replaced once
	}
	asUser := func(change func(*testing.T, *sandbox.Server)) func(*testing.T) conformance.Case {
		return starter.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			change(t, server)
			s.SignIns, s.Test, s.User = nil, target.Contacts, "ada@example.com"
		})
	}
	scripted := func(fault sandboxcore.Fault) func(*testing.T, *sandbox.Server) {
		return func(t *testing.T, server *sandbox.Server) { conformance.FailUntilCleared(t, server, fault) }
	}
	instance := func(change func(*sandbox.Instance)) func(*testing.T) conformance.Case {
		return starter.With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Case) { server.UpdateInstance(change) })
	}
	const none = target.Code("")
	all := map[string]conformance.ErrorCase{
		"locked out": {
			Fault: target.GivenCredentials, Field: "username", Message: "Too many failed login attempts",
			Setup: failing(sandbox.Locked()),
		},
		"inactive service user": {
			Fault: target.GivenCredentials, Field: "password",
			Setup: starter.With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
				conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.Active = false })
			}),
		},
		"unknown platform": {
			Fault: target.Misconfigured, Field: "platform",
			Setup: instance(func(i *sandbox.Instance) { i.Platforms = []string{"base"} }),
		},
		"expired license": {
			Fault: target.SystemNotAvailable, Message: "license",
			Setup: instance(func(i *sandbox.Instance) { i.LicenseExpired = true }),
		},
		"maintenance, administrators can sign in": {
			Fault: none, Setup: instance(func(i *sandbox.Instance) { i.Maintenance = true }),
		},
		"maintenance, other users cannot sign in": {
			Fault: target.SystemNotAvailable, Message: "maintenance mode",
			Setup: starter.With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
				conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.Admin = false })
				server.UpdateInstance(func(i *sandbox.Instance) { i.Maintenance = true })
			}),
		},
		"unknown version": {
			Fault: target.Misconfigured, Field: "url", Message: "between 10 and 11.26",
			Setup: starter.With(func(_ *testing.T, server *sandbox.Server, s *conformance.Case) {
				s.Account.Settings["url"] = server.URL() + "/rest/v9"
			}),
		},
		"acting is rejected": {
			Fault: target.InsufficientPermission, Setup: asUser(scripted(sandbox.APIError("not_authorized").ForOperation("sudo"))),
		},
		"acting as no user": {
			Fault: target.UserNotFound, Setup: asUser(scripted(sandbox.APIError("not_found").ForOperation("sudo"))),
		},
		"acting as no user, in old versions": {
			Fault: target.UserNotFound, Setup: asUser(scripted(sandbox.APIError("need_login").ForOperation("sudo"))),
		},
		"role of the user under test": {
			Fault: target.InsufficientPermission, Message: "Contacts", Setup: asUser(func(t *testing.T, server *sandbox.Server) {
				conformance.Update(t, server, "ada", func(u *sandbox.User) { u.Contacts = false })
			}),
		},
	}
	for label, means := range map[string]target.Code{
		"need_login": target.GivenCredentials, "maintenance": target.SystemNotAvailable, "admin_only": target.SystemNotAvailable,
		"no_method": target.Misconfigured, "not_found": target.Misconfigured, "incorrect_version": target.Misconfigured,
		"client_outdated": target.Misconfigured, "unsupported_grant_type": target.Misconfigured,
		"invalid_client": target.Misconfigured, "invalid_parameter": target.Misconfigured, "fatal_error": target.SystemNotAvailable,
	} {
		all["token: "+label] = conformance.ErrorCase{Fault: means, Setup: failing(sandbox.APIError(label).ForOperation("token"))}
	}
	for text, means := range map[string]target.Code{
		"Sugar is in maintenance mode.":                             target.SystemNotAvailable,
		"Your company's license for SugarCRM needs to be renewed.":  target.SystemNotAvailable,
		"Sie müssen einen gültigen Namen und ein Passwort angeben.": target.GivenCredentials,
	} {
		fault := sandbox.APIError("need_login").ForOperation("token").WithMessage(text)
		all["token: "+text] = conformance.ErrorCase{Fault: means, Message: text, Setup: failing(fault)}
	}
	badGrant := sandbox.APIError("invalid_grant").ForOperation("token")
	badGrant.Status = http.StatusBadRequest
	all["token: invalid_grant 400"] = conformance.ErrorCase{Fault: target.GivenCredentials, Setup: failing(badGrant)}
	for label, means := range map[string]target.Code{
		"need_login": target.GivenCredentials, "invalid_grant": target.GivenCredentials,
		"not_authorized": target.InsufficientPermission, "client_not_allowed": target.InsufficientPermission,
		"maintenance": target.SystemNotAvailable, "admin_only": target.SystemNotAvailable,
		"fatal_error": target.SystemNotAvailable, "unknown_error": target.SystemNotAvailable,
		"no_method": target.Misconfigured, "not_found": target.Misconfigured, "incorrect_version": target.Misconfigured,
		"client_outdated": target.Misconfigured, "missing_parameter": target.Misconfigured,
		"invalid_parameter": target.Misconfigured,
	} {
		for _, operation := range []string{"me", "ping"} {
			all[operation+": "+label] = conformance.ErrorCase{
				Fault: means, Setup: failing(sandbox.APIError(label).ForOperation(operation)),
			}
		}
	}
	for name, status := range map[string]int{"500": 500, "502": 502, "504": 504} {
		all[name] = conformance.ErrorCase{Fault: target.SystemNotAvailable, Setup: failing(sandboxcore.Status(status))}
	}
	tooMany := sandboxcore.Status(http.StatusTooManyRequests).ForOperation("ping")
	all["429"] = conformance.ErrorCase{Fault: target.Throttled, Setup: failing(tooMany)}
	return all
}
