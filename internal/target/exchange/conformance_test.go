package exchange_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/conformance"
)

func TestConformanceBasic(t *testing.T) {
	t.Parallel()
	conformance.Run(t, subject("basic"))
}

func TestConformanceNTLM(t *testing.T) {
	t.Parallel()
	conformance.Run(t, subject("ntlm"))
}

type scenes = map[conformance.Situation]func(*testing.T) conformance.Scene

func subject(authentication string) conformance.Subject {
	all := scenes{}
	for _, some := range []scenes{accountScenes(authentication), reachScenes(authentication), answerScenes(authentication)} {
		maps.Copy(all, some)
	}
	return conformance.Subject{Scenes: all}
}

// scene is a general test of the service account.
func scene(server *sandbox.Server, authentication string) conformance.Scene {
	return conformance.Scene{
		Account: account(server, "authentication", authentication),
		Test:    target.General,
		SignIns: func() int { return server.SignIns().Attempts },
	}
}

// accountScenes are about who signs in and what they may do.
func accountScenes(authentication string) scenes {
	with := func(change func(*testing.T, *sandbox.Server, *conformance.Scene)) func(*testing.T) conformance.Scene {
		return func(t *testing.T) conformance.Scene {
			server := secure(t, sandboxcore.TLS{})
			s := scene(server, authentication)
			change(t, server, &s)
			return s
		}
	}
	return scenes{
		conformance.Works: with(func(*testing.T, *sandbox.Server, *conformance.Scene) {}),
		conformance.WrongSecret: with(func(_ *testing.T, _ *sandbox.Server, s *conformance.Scene) {
			s.Account.Credentials = target.Credentials{"password": "wr0ng-canary"}
		}),
		conformance.AccountLocked: with(func(t *testing.T, server *sandbox.Server, _ *conformance.Scene) {
			update(t, server, "svc-riva", func(a *sandbox.Account) { a.Locked = true })
		}),
		conformance.OtherIdentity: with(func(_ *testing.T, _ *sandbox.Server, s *conformance.Scene) {
			s.Account.Settings["mailbox"] = "somebody@example.com"
		}),
		conformance.MissingRight: with(func(t *testing.T, server *sandbox.Server, s *conformance.Scene) {
			update(t, server, "svc-riva", func(a *sandbox.Account) { a.Impersonation = false })
			s.Test, s.User = target.Impersonation, "ada@example.com"
		}),
		conformance.UnknownUser: with(func(_ *testing.T, _ *sandbox.Server, s *conformance.Scene) {
			s.Test, s.User = target.Impersonation, "nobody@example.com"
		}),
		conformance.SeveralUsersMatch: with(func(t *testing.T, server *sandbox.Server, s *conformance.Scene) {
			for _, user := range []string{"ada", "grace"} {
				update(t, server, user, func(a *sandbox.Account) { a.Aliases = []string{"team@example.com"} })
			}
			s.Test, s.User = target.Calendar, "team@example.com"
		}),
	}
}

// reachScenes are about the way to the server.
func reachScenes(authentication string) scenes {
	certificate := func(options sandboxcore.TLS) func(*testing.T) conformance.Scene {
		return func(t *testing.T) conformance.Scene { return scene(secure(t, options), authentication) }
	}
	return scenes{
		conformance.UntrustedIssuer:    certificate(sandboxcore.TLS{Untrusted: true}),
		conformance.WrongHostName:      certificate(sandboxcore.TLS{Name: "mail.example.com"}),
		conformance.ExpiredCertificate: certificate(sandboxcore.TLS{ExpiresIn: -time.Hour}),
		conformance.NotReachable: func(t *testing.T) conformance.Scene {
			server := start(t, sandbox.Options{})
			s := scene(server, authentication)
			if err := server.Down(); err != nil {
				t.Fatal(err)
			}
			return s
		},
		conformance.NoSuchHost: func(t *testing.T) conformance.Scene {
			s := scene(start(t, sandbox.Options{}), authentication)
			s.Account.Settings["ews_url"] = "https://mail.invalid/EWS/Exchange.asmx" // RFC 6761: never a host
			return s
		},
		conformance.BrokenHandshake: func(t *testing.T) conformance.Scene {
			s := scene(start(t, sandbox.Options{}), authentication)
			s.Account.Settings["ews_url"] = "https://" + conformance.Garbler(t)
			return s
		},
		conformance.WrongPath: func(t *testing.T) conformance.Scene {
			s := scene(start(t, sandbox.Options{}), authentication)
			s.Account.Settings["ews_url"] += "/wrong"
			return s
		},
		conformance.RedirectElsewhere: func(t *testing.T) conformance.Scene {
			server := start(t, sandbox.Options{})
			var arrived atomic.Bool
			elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrived.Store(true) }))
			t.Cleanup(elsewhere.Close)
			fail(t, server, sandboxcore.Redirect(elsewhere.URL+"/EWS/Exchange.asmx"))
			s := scene(server, authentication)
			s.Leaked = arrived.Load
			return s
		},
	}
}

// answerScenes are about what the server answers.
func answerScenes(authentication string) scenes {
	scripted := func(fault sandboxcore.Fault) func(*testing.T) conformance.Scene {
		return func(t *testing.T) conformance.Scene {
			server := start(t, sandbox.Options{})
			fail(t, server, fault)
			return scene(server, authentication)
		}
	}
	return scenes{
		conformance.Throttling:       scripted(sandbox.Busy(conformance.Wait)),
		conformance.Maintenance:      scripted(sandboxcore.Maintenance()),
		conformance.PageInstead:      scripted(sandboxcore.Page()),
		conformance.HugeAnswer:       scripted(sandboxcore.Huge()),
		conformance.TruncatedAnswer:  scripted(sandboxcore.Truncated()),
		conformance.DeeplyNested:     scripted(sandbox.Deep()),
		conformance.ExternalEntities: scripted(sandbox.Entities()),
		conformance.EchoedSecret:     scripted(sandbox.Echo()),
		conformance.SlowAnswer: func(t *testing.T) conformance.Scene {
			s := scripted(sandboxcore.Slow())(t)
			s.Account.Network.AnswerTimeout = 100 * time.Millisecond
			return s
		},
	}
}
