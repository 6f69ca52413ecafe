package salesforce_test

import (
	"maps"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
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
		Echo: sandbox.Echo(), Unknown: sandbox.APIError("NEVER_HEARD_OF").ForOperation("resources"),
		Start:     starter(grant).Start,
		Addresses: []string{"login_url"}, Operations: []string{"token", "userinfo", "versions", "resources"},
		Cases: accountCases(grant), ImpossibleErrors: impossibleErrors(),
		Impossible: map[conformance.Situation]string{
			conformance.ExternalEntities: "the responses are JSON, which has no entities",
		},
	}
	maps.Copy(s.Cases, cases{
		conformance.Throttling:   s.Failing(sandbox.RequestLimit(conformance.Wait)),
		conformance.DeeplyNested: s.Failing(sandbox.Deep()),
	})
	s.Errors = errorCases(s, grant)
	if grant != refreshToken {
		delete(s.Cases, conformance.ExpiredOrRevoked)
		s.Impossible[conformance.ExpiredOrRevoked] = "nothing that Salesforce handed out is part of the credentials"
	}
	return s
}

// starter starts a stand-in and makes an account with the grant.
func starter(grant string) conformance.StartFunc[*sandbox.Server] {
	return func(t *testing.T, tls *sandboxcore.TLS) (*sandbox.Server, target.Account) {
		t.Helper()
		server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: tls}})
		return server, account(t, server, grant)
	}
}

// accountCases are the cases about the identity and its rights.
func accountCases(grant string) cases {
	with := starter(grant).With
	return cases{
		conformance.Works: starter(grant).ForUser(target.General, ""),
		conformance.WrongSecret: with(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
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
		conformance.ExpiredOrRevoked: with(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			if err := server.RevokeTokens(server.Service().Username); err != nil {
				t.Fatal(err)
			}
		}),
		conformance.AccountLocked: with(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			conformance.Update(t, server, server.Service().Username, func(u *sandbox.User) { u.Active = false })
		}),
		conformance.OtherIdentity: with(func(_ *testing.T, _ *sandbox.Server, s *conformance.Case) {
			if grant == jwtBearer { // the assertion names the user, so only the organization can differ
				s.Account.Settings["organization_id"] = "00D5g000004Else"
				return
			}
			s.Account.Settings["username"] = "another@example.com"
		}),
		conformance.MissingRight: with(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			conformance.Update(t, server, server.Service().Username, func(u *sandbox.User) { u.APIEnabled = false })
		}),
		conformance.UnknownUser:       starter(grant).ForUser(target.Impersonation, "nobody@example.com"),
		conformance.SeveralUsersMatch: starter(grant).ForUser(target.Calendar, "team@example.com"),
	}
}
