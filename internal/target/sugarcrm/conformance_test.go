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
		Addresses: []string{"url"}, Operations: []string{"token", "me", "ping"}, Cases: accountScenes(),
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
		// An administrator ended the session, and gave the user another password.
		conformance.ExpiredOrRevoked: stage.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			conformance.RequirePass(t, s.Account, target.General, "")
			if _, err := server.ChangeSecret(); err != nil {
				t.Fatal(err)
			}
			s.SignIns = func() int { return server.SignIns().Rejected }
		}),
		conformance.AccountLocked: stage.With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.Locked = true })
		}),
		conformance.OtherIdentity: stage.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			conformance.RequirePass(t, s.Account, target.General, "") // the token goes on standing for the user, who gets another name
			conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.UserName = "renamed" })
		}),
		conformance.MissingRight: stage.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.Admin = false })
			s.Test, s.User = target.Impersonation, "ada@example.com"
		}),
		conformance.UnknownUser:       stage.ForUser(target.Impersonation, "nobody@example.com"),
		conformance.SeveralUsersMatch: stage.ForUser(target.Calendar, "team@example.com"),
	}
}

// atSignIn tells a fault that refuses the password itself.
func atSignIn(fault sandboxcore.Fault) bool { return fault.Operation == "token" }

// signals are what Sugar documents about failures: its labels, at the sign-in and later.
func signals(s conformance.Suite) map[string]conformance.ErrorCase {
	failing := func(fault sandboxcore.Fault) func(*testing.T) conformance.Case {
		if atSignIn(fault) {
			return s.Failing(fault)
		}
		return s.FailingLater(fault) // a token that the API refuses is fetched once more
	}
	asUser := func(change func(*testing.T, *sandbox.Server)) func(*testing.T) conformance.Case {
		return stage.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			change(t, server)
			s.SignIns, s.Test, s.User = nil, target.Contacts, "ada@example.com"
		})
	}
	scripted := func(fault sandboxcore.Fault) func(*testing.T, *sandbox.Server) {
		return func(t *testing.T, server *sandbox.Server) { conformance.FailUntilCleared(t, server, fault) }
	}
	instance := func(change func(*sandbox.Instance)) func(*testing.T) conformance.Case {
		return stage.With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Case) { server.UpdateInstance(change) })
	}
	const none = target.Code("")
	all := map[string]conformance.ErrorCase{
		"locked out": {
			Fault: target.GivenCredentials, Field: "password", Message: "Too many failed login attempts",
			Setup: failing(sandbox.Locked()),
		},
		"inactive service user": {
			Fault: target.GivenCredentials, Field: "password",
			Setup: stage.With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
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
		"maintenance lets administrators in": {
			Fault: none, Setup: instance(func(i *sandbox.Instance) { i.Maintenance = true }),
		},
		"maintenance lets nobody else in": {
			Fault: target.SystemNotAvailable, Message: "maintenance mode",
			Setup: stage.With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
				conformance.Update(t, server, server.Service().UserName, func(u *sandbox.User) { u.Admin = false })
				server.UpdateInstance(func(i *sandbox.Instance) { i.Maintenance = true })
			}),
		},
		"version that is not there": {
			Fault: target.Misconfigured, Field: "url", Message: "between 10 and 11.26",
			Setup: stage.With(func(_ *testing.T, server *sandbox.Server, s *conformance.Case) {
				s.Account.Settings["url"] = server.URL() + "/rest/v9"
			}),
		},
		"acting refused": {
			Fault: target.InsufficientPermission, Setup: asUser(scripted(sandbox.APIError("not_authorized").On("sudo"))),
		},
		"acting as nobody": {
			Fault: target.UserNotFound, Setup: asUser(scripted(sandbox.APIError("not_found").On("sudo"))),
		},
		"acting as nobody, in old versions": {
			Fault: target.UserNotFound, Setup: asUser(scripted(sandbox.APIError("need_login").On("sudo"))),
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
		all["token: "+label] = conformance.ErrorCase{Fault: means, Setup: failing(sandbox.APIError(label).On("token"))}
	}
	badGrant := sandbox.APIError("invalid_grant").On("token")
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
			all[operation+": "+label] = conformance.ErrorCase{Fault: means, Setup: failing(sandbox.APIError(label).On(operation))}
		}
	}
	for name, status := range map[string]int{"500": 500, "502": 502, "504": 504} {
		all[name] = conformance.ErrorCase{Fault: target.SystemNotAvailable, Setup: failing(sandboxcore.Status(status))}
	}
	tooMany := sandboxcore.Status(http.StatusTooManyRequests).On("ping")
	all["429"] = conformance.ErrorCase{Fault: target.Throttled, Setup: failing(tooMany)}
	return all
}
