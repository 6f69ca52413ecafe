package google_test

import (
	"maps"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	grants(t, func(t *testing.T, grant string) { conformance.Run(t, subject(grant)) })
}

type scenes = map[conformance.Situation]func(*testing.T) conformance.Case

func subject(grant string) conformance.Suite {
	s := conformance.Suite{
		Start: func(t *testing.T, tls *sandboxcore.TLS) (conformance.StandIn, target.Account) {
			server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: tls}})
			if grant == serviceAccount {
				return server, madeByGoogle(server) // one that names the stand-in goes nowhere else
			}
			return server, account(server, grant)
		},
		Addresses: []string{"token_url", "api_url"}, Operations: []string{"token", "profile"},
		Cases: accountScenes(grant), Errors: signals(grant),
		Impossible: map[conformance.Situation]string{
			conformance.ExternalEntities:  "the answers are JSON, which has none",
			conformance.SeveralUsersMatch: "an address is one user's alone, as the primary one or as an alias that the directory resolves",
		},
	}
	maps.Copy(s.Cases, scenes{
		conformance.Throttling:   s.Failing(sandbox.RateLimit(conformance.Wait)),
		conformance.DeeplyNested: s.Failing(sandbox.Deep()),
		conformance.EchoedSecret: s.Failing(sandbox.Echo()),
	})
	return s
}

// stage is a stand-in, and an account with the grant that it lets in.
func stage(grant string) conformance.StartFunc[*sandbox.Server] {
	return func(t *testing.T, tls *sandboxcore.TLS) (*sandbox.Server, target.Account) {
		t.Helper()
		server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: tls}})
		return server, account(server, grant)
	}
}

// accountScenes are about who signs in and what they may do.
func accountScenes(grant string) scenes {
	all := scenes{
		conformance.Works:       stage(grant).ForUser(target.General, ""),
		conformance.UnknownUser: stage(grant).ForUser(target.General, "nobody@example.com"),
	}
	own := scenes{
		conformance.WrongSecret: stage(grant).WithValue("client_secret", "wr0ng-canary"),
		conformance.ExpiredOrRevoked: stage(grant).With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			if err := server.RevokeTokens(""); err != nil {
				t.Fatal(err)
			}
		}),
		conformance.AccountLocked: stage(grant).With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			conformance.Update(t, server, server.Admin().Email, func(u *sandbox.User) { u.Suspended = true })
		}),
		conformance.OtherIdentity: stage(grant).WithValue("admin_email", "somebody@example.com"),
		conformance.MissingRight:  stage(grant).ForUser(target.Impersonation, "ada@example.com"),
	}
	if grant == serviceAccount {
		own = scenes{
			conformance.WrongSecret: stage(grant).With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
				if _, err := server.RotateKey(); err != nil {
					t.Fatal(err)
				}
			}),
			conformance.ExpiredOrRevoked: stage(grant).With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Case) {
				server.UpdateServiceAccount(func(a *sandbox.ServiceAccount) { a.KeyDisabled = true })
			}),
			conformance.AccountLocked: stage(grant).With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Case) {
				server.UpdateServiceAccount(func(a *sandbox.ServiceAccount) { a.Disabled = true })
			}),
			conformance.OtherIdentity: stage(grant).With(func(_ *testing.T, server *sandbox.Server, s *conformance.Case) {
				s.Account.Settings["admin_email"] = server.Admin().Aliases[0] // which opens the mailbox of the primary address
			}),
			conformance.MissingRight: stage(grant).With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Case) {
				delegate(server)
			}),
		}
	}
	maps.Copy(all, own)
	return all
}
