package hclnotes_test

import (
	"maps"
	"net/http"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/hclnotes"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

type (
	scenes = map[conformance.Situation]func(*testing.T) conformance.Case
	scene  = func(*testing.T) conformance.Case
)

// variant is the authentication of a server and of the connection.
type variant struct {
	session, singleSignOn bool
	setting               string
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]variant{
		"basic": {}, "session": {session: true}, "basic, set": {setting: "basic"},
		"single sign-on, set": {session: true, singleSignOn: true, setting: "session"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conformance.Run(t, v.suite())
		})
	}
}

// start starts a server of the variant, and makes an account that can sign in.
func (v variant) start(t *testing.T, tls *sandboxcore.TLS) (*sandbox.Server, target.Account) {
	t.Helper()
	server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: tls}})
	server.UpdateSetup(func(s *sandbox.Setup) { s.Session, s.SingleSignOn = v.session, v.singleSignOn })
	a := account(server)
	if v.setting != "" {
		a.Settings["authentication"] = v.setting
	}
	return server, a
}

func (v variant) suite() conformance.Suite {
	s := conformance.Suite{
		Echo: sandbox.Echo(), Unknown: sandbox.ServiceError(500, "Never heard of"),
		Start:     v.starter().Start,
		Addresses: []string{"url"}, Operations: []string{"calendar"}, Cases: v.accountCases(), Errors: v.errorCases(),
		Impossible: map[conformance.Situation]string{conformance.ExternalEntities: "the responses are JSON, which has no entities"},
	}
	if v.session {
		s.Operations = append(s.Operations, "login")
	}
	if v.setting != "session" {
		s.Challenge = `Basic realm="/"`
	}
	maps.Copy(s.Cases, scenes{
		conformance.Throttling:   s.Failing(sandbox.Throttled(conformance.Wait)),
		conformance.DeeplyNested: s.Failing(sandbox.Deep().ForOperation("calendar")),
	})
	return s
}

// starter starts a server of the variant and makes an account that can sign in.
func (v variant) starter() conformance.StartFunc[*sandbox.Server] { return v.start }

// forUser sets up a test of a user, after a change of the user with the short name.
func (v variant) forUser(test target.Test, user, shortName string, change func(*sandbox.Person)) scene {
	return v.starter().With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
		s.Test, s.User = test, user
		if change != nil {
			conformance.Update(t, server, shortName, change)
		}
	})
}

// accountCases are the cases about the identity and its rights.
func (v variant) accountCases() scenes {
	return scenes{
		conformance.Works:       v.starter().ForUser(target.General, ""),
		conformance.WrongSecret: v.starter().WithValue("password", "wr0ng-canary"),
		conformance.ExpiredOrRevoked: v.starter().With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			if _, err := server.ChangeSecret(); err != nil {
				t.Fatal(err)
			}
		}),
		conformance.AccountLocked: v.forUser(target.General, "", "rivasync", func(p *sandbox.Person) { p.LockedOut = true }),
		conformance.OtherIdentity: v.starter().With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			if err := server.Rename("rivasync", "Renamed/Example"); err != nil {
				t.Fatal(err)
			}
		}),
		conformance.MissingRight: v.forUser(target.Impersonation, "ada@example.com", "ada", func(p *sandbox.Person) {
			p.Access = map[string]string{"Riva Sync/Example": "Reader"}
		}),
		conformance.UnknownUser:       v.starter().ForUser(target.Impersonation, "nobody@example.com"),
		conformance.SeveralUsersMatch: v.starter().ForUser(target.Calendar, "team@example.com"),
	}
}

// errorCases are Domino's errors: statuses, its login form, and texts if the status is not specific enough.
func (v variant) errorCases() map[string]conformance.ErrorCase {
	setup := func(change func(*sandbox.Setup)) func(*testing.T) conformance.Case {
		return v.starter().With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Case) { server.UpdateSetup(change) })
	}
	failing := func(test target.Test, user string, fault sandboxcore.Fault) func(*testing.T) conformance.Case {
		return v.starter().With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			conformance.FailUntilCleared(t, server, fault)
			s.Test, s.User = test, user
		})
	}
	const ada = "ada@example.com"
	closed := func(p *sandbox.Person) { p.Access = nil }
	all := map[string]conformance.ErrorCase{
		"no access to one database while another works": {
			Fault: target.InsufficientPermission, Message: "mail file of Ada Lovelace/Example",
			Setup: v.forUser(target.Calendar, ada, "ada", closed),
		},
		"no access to the contacts": {
			Fault: target.InsufficientPermission, Setup: v.forUser(target.Contacts, ada, "ada", closed),
		},
		"no access to the directory": {
			Fault: target.InsufficientPermission, Message: "names.nsf",
			Setup: v.starter().With(func(_ *testing.T, server *sandbox.Server, s *conformance.Case) {
				server.UpdateSetup(func(s *sandbox.Setup) { s.Directory = "No Access" })
				s.Test, s.User = target.General, ada
			}),
		},
		"403 of a mail file": {
			Fault: target.InsufficientPermission, Message: "Cannot access resource",
			Setup: failing(target.Mail, ada, sandbox.ServiceError(http.StatusForbidden, "Cannot access resource").ForOperation("inbox")),
		},
		"no mail file at the path": {
			Fault: target.UserNotFound, Message: "Mail1/Example",
			Setup: v.forUser(target.Mail, ada, "ada", func(p *sandbox.Person) { p.Elsewhere = true }),
		},
		"no mail file": {
			Fault: target.UserNotFound, Message: "no mail file", Setup: v.starter().ForUser(target.General, "left@example.com"),
		},
		"name not found": {
			Fault: target.UserNotFound, Message: "Name not found",
			Setup: failing(target.General, ada, sandbox.ServiceError(http.StatusBadRequest, "Name not found.").ForOperation("owner")),
		},
		"access services not there": {
			Fault: target.Misconfigured, Field: "url", Message: "404",
			Setup: setup(func(s *sandbox.Setup) { s.AccessServices = false }),
		},
		"calendar service disabled": {
			Fault: target.Misconfigured, Field: "url", Message: "Calendar service",
			Setup: setup(func(s *sandbox.Setup) { s.Services = []string{"Mail"} }),
		},
		"mail service disabled": {
			Fault: target.Misconfigured, Field: "url", Message: "Mail service",
			Setup: v.starter().With(func(_ *testing.T, server *sandbox.Server, s *conformance.Case) {
				server.UpdateSetup(func(s *sandbox.Setup) { s.Services = []string{"Calendar"} })
				s.Test, s.User = target.Mail, ada
			}),
		},
		"service account without mail file": {
			Fault: target.Misconfigured, Field: "username", Message: "service resource address",
			Setup: v.forUser(target.General, "", "rivasync", func(p *sandbox.Person) { p.MailFile = "" }),
		},
		"service account with its mail file elsewhere": {
			Fault: target.Misconfigured, Field: "url", Message: "Mail1/Example",
			Setup: v.forUser(target.Calendar, "", "rivasync", func(p *sandbox.Person) { p.Elsewhere = true }),
		},
		"service account in no directory": {
			Fault: target.Misconfigured, Field: "username", Message: "Name not found",
			Setup: failing(target.General, "",
				sandbox.ServiceError(http.StatusInternalServerError, "Name not found.").ForOperation("calendar")),
		},
		"other organization": {
			Fault: target.WrongIdentity, Field: "organization_id", Message: "Other",
			Setup: v.starter().WithValue("organization_id", "Other"),
		},
		"Internet lockout": {
			Fault: target.GivenCredentials, Field: "password",
			Setup: v.forUser(target.General, "", "rivasync", func(p *sandbox.Person) { p.LockedOut = true }),
		},
	}
	for name, status := range map[string]int{"500": 500, "502": 502, "503": 503, "504": 504} {
		all[name] = conformance.ErrorCase{
			Fault: target.SystemNotAvailable, Setup: failing(target.General, "", sandboxcore.Status(status)),
		}
	}
	all["500 with a service's error"] = conformance.ErrorCase{
		Fault: target.SystemNotAvailable, Message: "The database is corrupt",
		Setup: failing(target.Mail, ada, sandbox.ServiceError(500, "The database is corrupt").ForOperation("inbox")),
	}
	tooMany := sandboxcore.Status(http.StatusTooManyRequests).ForOperation("events")
	all["429"] = conformance.ErrorCase{Fault: target.Throttled, Setup: failing(target.Calendar, ada, tooMany)}
	if !v.session { // with a session, it is the response to an anonymous caller
		all["login form in place of data"] = conformance.ErrorCase{
			Fault: target.GivenCredentials, Field: "password", Message: "login form",
			Setup: v.starter().With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
				s.Account.Settings["authentication"], s.SignIns = "basic", nil
				conformance.FailUntilCleared(t, server, sandbox.LoginForm())
			}),
		}
	}
	return all
}
