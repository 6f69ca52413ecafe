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
	scenes = map[conformance.Situation]func(*testing.T) conformance.Scene
	scene  = func(*testing.T) conformance.Scene
)

// variant is a server's authentication, and what the connection says of it.
type variant struct {
	session, singleSignOn bool
	setting               string
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]variant{
		"basic": {}, "session": {session: true}, "basic, told": {setting: "basic"},
		"single sign-on, told": {session: true, singleSignOn: true, setting: "session"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conformance.Run(t, v.subject())
		})
	}
}

// start runs a server of the variant, and makes an account that it lets in.
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

func (v variant) subject() conformance.Subject {
	s := conformance.Subject{
		Start:     v.stage().Start,
		Addresses: []string{"url"}, Operations: []string{"calendar"}, Scenes: v.accountScenes(), Signals: v.signals(),
		Impossible: map[conformance.Situation]string{conformance.ExternalEntities: "the answers are JSON, which has none"},
	}
	if v.session {
		s.Operations = append(s.Operations, "login")
	}
	maps.Copy(s.Scenes, scenes{
		conformance.Throttling:   s.Failing(sandbox.Throttled(conformance.Wait)),
		conformance.DeeplyNested: s.Failing(sandbox.Deep().ForOperation("calendar")),
		conformance.EchoedSecret: v.stage().With(echoing),
	})
	return s
}

// echoing is a failure of the first call that carries the password.
func echoing(t *testing.T, server *sandbox.Server, s *conformance.Scene) {
	t.Helper()
	s.Account.Settings["authentication"] = "basic" // the call that only asks has nothing to repeat
	if server.Setup().Session {
		s.Account.Settings["authentication"] = "session"
	}
	conformance.Break(t, server, sandbox.Echo())
}

// stage is a server of the variant, and an account that it lets in.
func (v variant) stage() conformance.Stage[*sandbox.Server] { return v.start }

// about is a test of a user, after a change of the person with the short name.
func (v variant) about(test target.Test, user, shortName string, change func(*sandbox.Person)) scene {
	return v.stage().With(func(t *testing.T, server *sandbox.Server, s *conformance.Scene) {
		s.Test, s.User = test, user
		if change != nil {
			conformance.Update(t, server, shortName, change)
		}
	})
}

// accountScenes are about who signs in and what they may do.
func (v variant) accountScenes() scenes {
	return scenes{
		conformance.Works:       v.stage().About(target.General, ""),
		conformance.WrongSecret: v.stage().Given("password", "wr0ng-canary"),
		conformance.ExpiredOrRevoked: v.stage().With(func(t *testing.T, server *sandbox.Server, _ *conformance.Scene) {
			if _, err := server.ChangeSecret(); err != nil {
				t.Fatal(err)
			}
		}),
		conformance.AccountLocked: v.about(target.General, "", "rivasync", func(p *sandbox.Person) { p.LockedOut = true }),
		conformance.OtherIdentity: v.stage().With(func(t *testing.T, server *sandbox.Server, _ *conformance.Scene) {
			if err := server.Rename("rivasync", "Renamed/Example"); err != nil {
				t.Fatal(err)
			}
		}),
		conformance.MissingRight: v.about(target.Impersonation, "ada@example.com", "ada", func(p *sandbox.Person) {
			p.Access = map[string]string{"Riva Sync/Example": "Reader"}
		}),
		conformance.UnknownUser:       v.stage().About(target.Impersonation, "nobody@example.com"),
		conformance.SeveralUsersMatch: v.stage().About(target.Calendar, "team@example.com"),
	}
}

// signals are what Domino says of failures: with statuses, with its login form, and with words where a status says too
// little.
func (v variant) signals() map[string]conformance.Signal {
	setup := func(change func(*sandbox.Setup)) func(*testing.T) conformance.Scene {
		return v.stage().With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Scene) { server.UpdateSetup(change) })
	}
	failing := func(test target.Test, user string, fault sandboxcore.Fault) func(*testing.T) conformance.Scene {
		return v.stage().With(func(t *testing.T, server *sandbox.Server, s *conformance.Scene) {
			conformance.Break(t, server, fault)
			s.Test, s.User = test, user
		})
	}
	const ada = "ada@example.com"
	closed := func(p *sandbox.Person) { p.Access = nil }
	all := map[string]conformance.Signal{
		"no access to one database while another works": {
			Means: target.InsufficientPermission, Says: "mail file of Ada Lovelace/Example",
			Arrange: v.about(target.Calendar, ada, "ada", closed),
		},
		"no access to the contacts": {
			Means: target.InsufficientPermission, Arrange: v.about(target.Contacts, ada, "ada", closed),
		},
		"no access to the directory": {
			Means: target.InsufficientPermission, Says: "names.nsf",
			Arrange: v.stage().With(func(_ *testing.T, server *sandbox.Server, s *conformance.Scene) {
				server.UpdateSetup(func(s *sandbox.Setup) { s.Directory = "No Access" })
				s.Test, s.User = target.General, ada
			}),
		},
		"403 of a mail file": {
			Means: target.InsufficientPermission, Says: "Cannot access resource",
			Arrange: failing(target.Mail, ada, sandbox.ServiceError(http.StatusForbidden, "Cannot access resource").ForOperation("inbox")),
		},
		"no mail file at the path": {
			Means: target.UserNotFound, Says: "Mail1/Example",
			Arrange: v.about(target.Mail, ada, "ada", func(p *sandbox.Person) { p.Elsewhere = true }),
		},
		"nobody's mail file": {
			Means: target.UserNotFound, Says: "no mail file", Arrange: v.stage().About(target.General, "left@example.com"),
		},
		"name not found": {
			Means: target.UserNotFound, Says: "Name not found",
			Arrange: failing(target.General, ada, sandbox.ServiceError(http.StatusBadRequest, "Name not found.").ForOperation("owner")),
		},
		"access services not there": {
			Means: target.Misconfigured, Field: "url", Says: "404",
			Arrange: setup(func(s *sandbox.Setup) { s.AccessServices = false }),
		},
		"calendar service disabled": {
			Means: target.Misconfigured, Field: "url", Says: "Calendar service",
			Arrange: setup(func(s *sandbox.Setup) { s.Services = []string{"Mail"} }),
		},
		"mail service disabled": {
			Means: target.Misconfigured, Field: "url", Says: "Mail service",
			Arrange: v.stage().With(func(_ *testing.T, server *sandbox.Server, s *conformance.Scene) {
				server.UpdateSetup(func(s *sandbox.Setup) { s.Services = []string{"Calendar"} })
				s.Test, s.User = target.Mail, ada
			}),
		},
		"service account without mail file": {
			Means: target.Misconfigured, Field: "username", Says: "service resource address",
			Arrange: v.about(target.General, "", "rivasync", func(p *sandbox.Person) { p.MailFile = "" }),
		},
		"service account with its mail file elsewhere": {
			Means: target.Misconfigured, Field: "url", Says: "Mail1/Example",
			Arrange: v.about(target.Calendar, "", "rivasync", func(p *sandbox.Person) { p.Elsewhere = true }),
		},
		"service account in no directory": {
			Means: target.Misconfigured, Field: "username", Says: "Name not found",
			Arrange: failing(target.General, "",
				sandbox.ServiceError(http.StatusInternalServerError, "Name not found.").ForOperation("calendar")),
		},
		"other organization": {
			Means: target.WrongIdentity, Field: "organization_id", Says: "Other",
			Arrange: v.stage().Given("organization_id", "Other"),
		},
		"Internet lockout": {
			Means: target.GivenCredentials, Field: "password",
			Arrange: v.about(target.General, "", "rivasync", func(p *sandbox.Person) { p.LockedOut = true }),
		},
	}
	for name, status := range map[string]int{"500": 500, "502": 502, "503": 503, "504": 504} {
		all[name] = conformance.Signal{
			Means: target.SystemNotAvailable, Arrange: failing(target.General, "", sandboxcore.Status(status)),
		}
	}
	all["500 in the services' words"] = conformance.Signal{
		Means: target.SystemNotAvailable, Says: "The database is corrupt",
		Arrange: failing(target.Mail, ada, sandbox.ServiceError(500, "The database is corrupt").ForOperation("inbox")),
	}
	tooMany := sandboxcore.Status(http.StatusTooManyRequests).ForOperation("events")
	all["429"] = conformance.Signal{Means: target.Throttled, Arrange: failing(target.Calendar, ada, tooMany)}
	if !v.session { // with one, it is the answer to whoever is not signed in
		all["login form in place of data"] = conformance.Signal{
			Means: target.GivenCredentials, Field: "password", Says: "login form",
			Arrange: v.stage().With(func(t *testing.T, server *sandbox.Server, s *conformance.Scene) {
				s.Account.Settings["authentication"], s.SignIns = "basic", nil
				conformance.Break(t, server, sandbox.LoginForm())
			}),
		}
	}
	return all
}
