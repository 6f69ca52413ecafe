package exchange_test

import (
	"maps"
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
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
	s := conformance.Subject{
		Start: func(t *testing.T, tls *sandboxcore.TLS) (conformance.StandIn, target.Account) {
			server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: tls}})
			return server, account(server, "authentication", authentication)
		},
		Addresses: []string{"ews_url"}, Scenes: accountScenes(authentication),
	}
	maps.Copy(s.Scenes, scenes{
		conformance.Throttling:       s.Failing(ews.Busy(conformance.Wait)),
		conformance.DeeplyNested:     s.Failing(ews.Deep()),
		conformance.ExternalEntities: s.Failing(ews.Entities()),
		conformance.EchoedSecret:     s.Failing(ews.Echo()),
	})
	return s
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
		conformance.ExpiredOrRevoked: with(func(t *testing.T, server *sandbox.Server, _ *conformance.Scene) {
			update(t, server, "svc-riva", func(a *ews.Account) { a.PasswordExpires = time.Now().Add(-time.Hour) })
		}),
		conformance.AccountLocked: with(func(t *testing.T, server *sandbox.Server, _ *conformance.Scene) {
			update(t, server, "svc-riva", func(a *ews.Account) { a.Locked = true })
		}),
		conformance.OtherIdentity: with(func(_ *testing.T, _ *sandbox.Server, s *conformance.Scene) {
			s.Account.Settings["mailbox"] = "somebody@example.com"
		}),
		conformance.MissingRight: with(func(t *testing.T, server *sandbox.Server, s *conformance.Scene) {
			update(t, server, "svc-riva", func(a *ews.Account) { a.Impersonation = false })
			s.Test, s.User = target.Impersonation, "ada@example.com"
		}),
		conformance.UnknownUser: with(func(_ *testing.T, _ *sandbox.Server, s *conformance.Scene) {
			s.Test, s.User = target.Impersonation, "nobody@example.com"
		}),
		conformance.SeveralUsersMatch: with(func(t *testing.T, server *sandbox.Server, s *conformance.Scene) {
			for _, user := range []string{"ada", "grace"} {
				update(t, server, user, func(a *ews.Account) { a.Aliases = []string{"team@example.com"} })
			}
			s.Test, s.User = target.Calendar, "team@example.com"
		}),
	}
}
