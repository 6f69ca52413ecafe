package salesforce_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/conformance"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	grants(t, func(t *testing.T, grant string) { conformance.Run(t, subject(grant)) })
}

type scenes = map[conformance.Situation]func(*testing.T) conformance.Scene

func subject(grant string) conformance.Subject {
	all := scenes{}
	for _, some := range []scenes{accountScenes(grant), reachScenes(grant), answerScenes(grant)} {
		maps.Copy(all, some)
	}
	return conformance.Subject{Scenes: all, Impossible: map[conformance.Situation]string{
		conformance.ExternalEntities: "the answers are JSON, which has none",
	}}
}

// scene is a general test of the service account.
func scene(t *testing.T, server *sandbox.Server, grant string) conformance.Scene {
	t.Helper()
	return conformance.Scene{
		Account: account(t, server, grant), Test: target.General,
		SignIns: func() int { return server.SignIns().Attempts },
	}
}

// accountScenes are about who signs in and what they may do.
func accountScenes(grant string) scenes {
	with := func(change func(*testing.T, *sandbox.Server, *conformance.Scene)) func(*testing.T) conformance.Scene {
		return func(t *testing.T) conformance.Scene {
			server := secure(t, sandboxcore.TLS{})
			s := scene(t, server, grant)
			change(t, server, &s)
			return s
		}
	}
	return scenes{
		conformance.Works: with(func(*testing.T, *sandbox.Server, *conformance.Scene) {}),
		conformance.WrongSecret: with(func(t *testing.T, server *sandbox.Server, s *conformance.Scene) {
			switch grant {
			case jwtBearer:
				if _, err := server.RotateKey(); err != nil {
					t.Fatal(err)
				}
			case clientCredentials:
				s.Account.Credentials["client_secret"] = "wr0ng-canary"
			case refreshToken:
				s.Account.Credentials["refresh_token"] = "wr0ng-canary"
			}
		}),
		conformance.AccountLocked: with(func(t *testing.T, server *sandbox.Server, _ *conformance.Scene) {
			updateUser(t, server, server.Service().Username, func(u *sandbox.User) { u.Active = false })
		}),
		conformance.OtherIdentity: with(func(_ *testing.T, _ *sandbox.Server, s *conformance.Scene) {
			if grant == jwtBearer { // the assertion names the user, so only the organisation can be another one
				s.Account.Settings[target.OrganizationID] = "00D5g000004Else"
				return
			}
			s.Account.Settings["username"] = "somebody.else@example.com"
		}),
		conformance.MissingRight: with(func(t *testing.T, server *sandbox.Server, _ *conformance.Scene) {
			updateUser(t, server, server.Service().Username, func(u *sandbox.User) { u.APIEnabled = false })
		}),
		conformance.UnknownUser: with(func(_ *testing.T, _ *sandbox.Server, s *conformance.Scene) {
			s.Test, s.User = target.Impersonation, "nobody@example.com"
		}),
		conformance.SeveralUsersMatch: with(func(_ *testing.T, _ *sandbox.Server, s *conformance.Scene) {
			s.Test, s.User = target.Calendar, "team@example.com"
		}),
	}
}

// reachScenes are about the way to the login host.
func reachScenes(grant string) scenes {
	certificate := func(options sandboxcore.TLS) func(*testing.T) conformance.Scene {
		return func(t *testing.T) conformance.Scene { return scene(t, secure(t, options), grant) }
	}
	at := func(change func(t *testing.T, login string) string) func(*testing.T) conformance.Scene {
		return func(t *testing.T) conformance.Scene {
			s := scene(t, start(t, sandbox.Options{}), grant)
			s.Account.Settings["login_url"] = change(t, s.Account.Settings["login_url"])
			return s
		}
	}
	return scenes{
		conformance.UntrustedIssuer:    certificate(sandboxcore.TLS{Untrusted: true}),
		conformance.WrongHostName:      certificate(sandboxcore.TLS{Name: "login.example.com"}),
		conformance.ExpiredCertificate: certificate(sandboxcore.TLS{ExpiresIn: -time.Hour}),
		conformance.NotReachable: func(t *testing.T) conformance.Scene {
			server := start(t, sandbox.Options{})
			s := scene(t, server, grant)
			if err := server.Down(); err != nil {
				t.Fatal(err)
			}
			return s
		},
		conformance.NoSuchHost:      at(func(*testing.T, string) string { return "https://login.invalid" }), // RFC 6761: never a host
		conformance.BrokenHandshake: at(func(t *testing.T, _ string) string { return "https://" + conformance.Garbler(t) }),
		conformance.WrongPath:       at(func(_ *testing.T, login string) string { return login + "/wrong" }),
		conformance.RedirectElsewhere: func(t *testing.T) conformance.Scene {
			server := start(t, sandbox.Options{})
			var arrived atomic.Bool
			elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrived.Store(true) }))
			t.Cleanup(elsewhere.Close)
			fail(t, server, sandboxcore.Redirect(elsewhere.URL+"/services/oauth2/token"))
			s := scene(t, server, grant)
			s.Leaked = arrived.Load
			return s
		},
	}
}

// answerScenes are about what Salesforce answers.
func answerScenes(grant string) scenes {
	scripted := func(fault sandboxcore.Fault) func(*testing.T) conformance.Scene {
		return func(t *testing.T) conformance.Scene {
			server := start(t, sandbox.Options{})
			fail(t, server, fault)
			return scene(t, server, grant)
		}
	}
	all := scenes{
		conformance.Throttling:      scripted(sandbox.RequestLimit(conformance.Wait)),
		conformance.Maintenance:     scripted(sandboxcore.Maintenance()),
		conformance.PageInstead:     scripted(sandboxcore.Page()),
		conformance.HugeAnswer:      scripted(sandboxcore.Huge()),
		conformance.TruncatedAnswer: scripted(sandboxcore.Truncated()),
		conformance.DeeplyNested:    scripted(sandbox.Deep()),
		conformance.EchoedSecret:    scripted(sandbox.Echo()),
		conformance.SlowAnswer: func(t *testing.T) conformance.Scene {
			s := scripted(sandboxcore.Slow())(t)
			s.Account.Network.AnswerTimeout = 100 * time.Millisecond
			return s
		},
	}
	return all
}
