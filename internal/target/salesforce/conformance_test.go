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
	grants(t, func(t *testing.T, grant string) { conformance.Run(t, subject(grant)) })
}

type scenes = map[conformance.Situation]func(*testing.T) conformance.Case

func subject(grant string) conformance.Suite {
	s := conformance.Suite{
		Start:     stage(grant).Start,
		Addresses: []string{"login_url"}, Operations: []string{"token", "userinfo", "versions", "resources"},
		Cases: accountScenes(grant), ImpossibleErrors: impossibleSignals(),
		Impossible: map[conformance.Situation]string{
			conformance.ExternalEntities: "the answers are JSON, which has none",
		},
	}
	maps.Copy(s.Cases, scenes{
		conformance.Throttling:   s.Failing(sandbox.RequestLimit(conformance.Wait)),
		conformance.DeeplyNested: s.Failing(sandbox.Deep()),
		conformance.EchoedSecret: s.Failing(sandbox.Echo()),
	})
	s.Errors = signals(s, grant)
	if grant != refreshToken {
		delete(s.Cases, conformance.ExpiredOrRevoked)
		s.Impossible[conformance.ExpiredOrRevoked] = "nothing that Salesforce handed out is part of the credentials"
	}
	return s
}

// stage is a stand-in, and an account with the grant that it lets in.
func stage(grant string) conformance.StartFunc[*sandbox.Server] {
	return func(t *testing.T, tls *sandboxcore.TLS) (*sandbox.Server, target.Account) {
		t.Helper()
		server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: tls}})
		return server, account(t, server, grant)
	}
}

// accountScenes are about who signs in and what they may do.
func accountScenes(grant string) scenes {
	with := stage(grant).With
	return scenes{
		conformance.Works: stage(grant).ForUser(target.General, ""),
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
			if grant == jwtBearer { // the assertion names the user, so only the organisation can be another one
				s.Account.Settings["organization_id"] = "00D5g000004Else"
				return
			}
			s.Account.Settings["username"] = "somebody.else@example.com"
		}),
		conformance.MissingRight: with(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			conformance.Update(t, server, server.Service().Username, func(u *sandbox.User) { u.APIEnabled = false })
		}),
		conformance.UnknownUser:       stage(grant).ForUser(target.Impersonation, "nobody@example.com"),
		conformance.SeveralUsersMatch: stage(grant).ForUser(target.Calendar, "team@example.com"),
	}
}
