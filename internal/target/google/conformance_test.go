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
	grants(t, func(t *testing.T, grant string) { conformance.Run(t, suite(grant)) })
}

type cases = map[conformance.Situation]func(*testing.T) conformance.Case

func suite(grant string) conformance.Suite {
	s := conformance.Suite{
		Echo: sandbox.Echo(), Unknown: sandbox.APIError("neverHeardOf"),
		Start: func(t *testing.T, tls *sandboxcore.TLS) (conformance.StandIn, target.Account) {
			server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: tls}})
			if grant == serviceAccount {
				return server, madeByGoogle(server) // a key for the stand-in does not work elsewhere
			}
			return server, account(server, grant)
		},
		Addresses: []string{"token_url", "api_url"}, Operations: []string{"token", "profile"},
		Cases: accountCases(grant), Errors: errorCases(grant),
		Impossible: map[conformance.Situation]string{
			conformance.ExternalEntities:  "the responses are JSON, which has no entities",
			conformance.SeveralUsersMatch: "an address belongs to one user only, as the primary one or as an alias",
		},
	}
	maps.Copy(s.Cases, cases{
		conformance.Throttling:   s.Failing(sandbox.RateLimit(conformance.Wait)),
		conformance.DeeplyNested: s.Failing(sandbox.Deep()),
	})
	return s
}

// starter starts a stand-in and makes an account with the grant.
func starter(grant string) conformance.StartFunc[*sandbox.Server] {
	return func(t *testing.T, tls *sandboxcore.TLS) (*sandbox.Server, target.Account) {
		t.Helper()
		server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: tls}})
		return server, account(server, grant)
	}
}

// accountCases are the cases about the identity and its rights.
func accountCases(grant string) cases {
	all := cases{
		conformance.Works:       starter(grant).ForUser(target.General, ""),
		conformance.UnknownUser: starter(grant).ForUser(target.General, "nobody@example.com"),
	}
	own := cases{
		conformance.WrongSecret: starter(grant).WithValue("client_secret", "wr0ng-canary"),
		conformance.ExpiredOrRevoked: starter(grant).With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			if err := server.RevokeTokens(""); err != nil {
				t.Fatal(err)
			}
		}),
		conformance.AccountLocked: starter(grant).With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			conformance.Update(t, server, server.Admin().Email, func(u *sandbox.User) { u.Suspended = true })
		}),
		conformance.OtherIdentity: starter(grant).WithValue("admin_email", "other@example.com"),
		conformance.MissingRight:  starter(grant).ForUser(target.Impersonation, "ada@example.com"),
	}
	if grant == serviceAccount {
		own = cases{
			conformance.WrongSecret: starter(grant).With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
				if _, err := server.RotateKey(); err != nil {
					t.Fatal(err)
				}
			}),
			conformance.ExpiredOrRevoked: starter(grant).With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Case) {
				server.UpdateServiceAccount(func(a *sandbox.ServiceAccount) { a.KeyDisabled = true })
			}),
			conformance.AccountLocked: starter(grant).With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Case) {
				server.UpdateServiceAccount(func(a *sandbox.ServiceAccount) { a.Disabled = true })
			}),
			conformance.OtherIdentity: starter(grant).With(func(_ *testing.T, server *sandbox.Server, s *conformance.Case) {
				s.Account.Settings["admin_email"] = server.Admin().Aliases[0] // it opens the mailbox of the primary address
			}),
			conformance.MissingRight: starter(grant).With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Case) {
				delegate(server)
			}),
		}
	}
	maps.Copy(all, own)
	return all
}
