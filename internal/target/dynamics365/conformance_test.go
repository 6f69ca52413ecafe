package dynamics365_test

import (
	"maps"
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/dynamics365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
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
		Start:      stage(grant).Start,
		Addresses:  []string{"url", "authority_url"},
		Operations: []string{"token", "whoami", "row", "version"},
		Cases:      accountScenes(grant),
		Impossible: map[conformance.Situation]string{
			conformance.ExternalEntities: "the answers are JSON, which has none",
		},
	}
	maps.Copy(s.Cases, scenes{
		conformance.Throttling:   s.Failing(sandbox.RequestLimit(conformance.Wait)),
		conformance.DeeplyNested: s.Failing(sandbox.Deep()),
		conformance.EchoedSecret: s.Failing(entra.Echo()),
	})
	s.Errors = conformance.Entra(s.Failing)
	maps.Copy(s.Errors, signals(s, grant))
	return s
}

// signals are what the Web API says (web-service-error-codes, api-limits).
func signals(s conformance.Suite, grant string) map[string]conformance.ErrorCase {
	all := map[string]conformance.ErrorCase{
		"401 with a fresh token": {
			Fault: target.GivenCredentials, Setup: s.FailingLater(sandboxcore.Status(401).On("whoami")),
		},
		"401 for another audience": {Fault: target.Misconfigured, Field: "url", Message: "https://renamed.example.com",
			Setup: stage(grant).With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Case) {
				server.UpdateOrganization(func(o *sandbox.Organization) { o.Resource = "https://renamed.example.com" })
			})},
		"another tenant's environment": {Fault: target.Misconfigured, Field: "tenant_id", Message: entra.OtherTenantID,
			Setup: stage(grant).With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Case) {
				server.UpdateOrganization(func(o *sandbox.Organization) { o.TenantID = entra.OtherTenantID })
			})},
		"404": {Fault: target.Misconfigured, Field: "url", Setup: s.Failing(sandboxcore.Status(404).On("whoami"))},
		"500": {Fault: target.SystemNotAvailable, Setup: s.Failing(sandboxcore.Status(500).On("whoami"))},
		"502": {Fault: target.SystemNotAvailable, Setup: s.Failing(sandboxcore.Status(502).On("whoami"))},
		"503": {Fault: target.SystemNotAvailable, Setup: s.Failing(sandboxcore.Status(503).On("whoami"))},
	}
	for code, fault := range map[string]target.Code{
		"0x80072560": target.InsufficientPermission, "0x80040220": target.InsufficientPermission,
		"0x80048306": target.InsufficientPermission, "0x80040225": target.GivenCredentials,
		"0x80072322": target.Throttled, "0x80072321": target.Throttled, "0x80072326": target.Throttled,
		"0x80044150": target.SystemNotAvailable, "0x80044151": target.SystemNotAvailable,
		"0x8004d24b": target.InsufficientPermission, "0x80040217": target.Misconfigured, "0x80060888": target.Misconfigured,
	} {
		all[code] = conformance.ErrorCase{Fault: fault, Setup: s.Failing(sandbox.Error(code))}
	}
	return all
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
		conformance.WrongSecret: with(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			pair, err := sandboxcore.NewKeyPair(time.Now().AddDate(1, 0, 0))
			must(t, err)
			must(t, server.Entra().SetCertificate(pair.Certificate))
			must(t, server.Entra().SetSecret("another"))
		}),
		conformance.ExpiredOrRevoked: with(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			if grant == clientSecret {
				must(t, server.Entra().ExpireSecrets())
				return
			}
			pair, err := sandboxcore.NewKeyPair(time.Now().Add(-time.Hour))
			must(t, err)
			s.Account.Credentials = target.Credentials{"certificate": pair.Certificate, "private_key": pair.PrivateKey}
			s.SignIns = nil // nobody is asked
		}),
		conformance.AccountLocked: with(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			must(t, server.Update(server.Service().Username, func(u *sandbox.User) { u.Disabled = true }))
		}),
		conformance.OtherIdentity: stage(grant).WithValue("organization_id", "00001111-aaaa-2222-bbbb-3333cccc4444"),
		conformance.MissingRight: with(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			must(t, server.Remove(server.Service().Username))
		}),
		conformance.UnknownUser:       stage(grant).ForUser(target.Impersonation, "nobody@example.com"),
		conformance.SeveralUsersMatch: stage(grant).ForUser(target.Calendar, "team@example.com"),
	}
}
