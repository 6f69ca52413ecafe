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
	grants(t, func(t *testing.T, grant string) { conformance.Run(t, suite(grant)) })
}

type cases = map[conformance.Situation]func(*testing.T) conformance.Case

func suite(grant string) conformance.Suite {
	s := conformance.Suite{
		Echo: entra.Echo(), Unknown: sandbox.Error("0x8fffffff"),
		Start:      starter(grant).Start,
		Addresses:  []string{"url", "authority_url"},
		Operations: []string{"token", "whoami", "row", "version"},
		Cases:      accountCases(grant),
		Impossible: map[conformance.Situation]string{
			conformance.ExternalEntities: "the responses are JSON, which has no entities",
		},
	}
	maps.Copy(s.Cases, cases{
		conformance.Throttling:   s.Failing(sandbox.RequestLimit(conformance.Wait)),
		conformance.DeeplyNested: s.Failing(sandbox.Deep()),
	})
	s.Errors = conformance.Entra(s.Failing)
	maps.Copy(s.Errors, errorCases(s, grant))
	return s
}

// errorCases are the errors of the Web API (web-service-error-codes, api-limits).
func errorCases(s conformance.Suite, grant string) map[string]conformance.ErrorCase {
	all := map[string]conformance.ErrorCase{
		"401 with a fresh token": {
			Fault: target.GivenCredentials, Setup: s.FailingLater(sandboxcore.Status(401).ForOperation("whoami")),
		},
		"401 for another audience": {Fault: target.Misconfigured, Field: "url", Message: "https://renamed.example.com",
			Setup: starter(grant).With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Case) {
				server.UpdateOrganization(func(o *sandbox.Organization) { o.Resource = "https://renamed.example.com" })
			})},
		"another tenant's environment": {Fault: target.Misconfigured, Field: "tenant_id", Message: entra.OtherTenantID,
			Setup: starter(grant).With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Case) {
				server.UpdateOrganization(func(o *sandbox.Organization) { o.TenantID = entra.OtherTenantID })
			})},
		"404": {Fault: target.Misconfigured, Field: "url", Setup: s.Failing(sandboxcore.Status(404).ForOperation("whoami"))},
		"500": {Fault: target.SystemNotAvailable, Setup: s.Failing(sandboxcore.Status(500).ForOperation("whoami"))},
		"502": {Fault: target.SystemNotAvailable, Setup: s.Failing(sandboxcore.Status(502).ForOperation("whoami"))},
		"503": {Fault: target.SystemNotAvailable, Setup: s.Failing(sandboxcore.Status(503).ForOperation("whoami"))},
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
		conformance.WrongSecret: with(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			pair, err := sandboxcore.NewKeyPair(time.Now().AddDate(1, 0, 0))
			requireNoError(t, err)
			requireNoError(t, server.Entra().SetCertificate(pair.Certificate))
			requireNoError(t, server.Entra().SetSecret("another"))
		}),
		conformance.ExpiredOrRevoked: with(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			if grant == clientSecret {
				requireNoError(t, server.Entra().ExpireSecrets())
				return
			}
			pair, err := sandboxcore.NewKeyPair(time.Now().Add(-time.Hour))
			requireNoError(t, err)
			s.Account.Credentials = target.Credentials{"certificate": pair.Certificate, "private_key": pair.PrivateKey}
			s.SignIns = nil // nothing is called
		}),
		conformance.AccountLocked: with(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			requireNoError(t, server.Update(server.Service().Username, func(u *sandbox.User) { u.Disabled = true }))
		}),
		conformance.OtherIdentity: starter(grant).WithValue("organization_id", "00001111-aaaa-2222-bbbb-3333cccc4444"),
		conformance.MissingRight: with(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			requireNoError(t, server.Remove(server.Service().Username))
		}),
		conformance.UnknownUser:       starter(grant).ForUser(target.Impersonation, "nobody@example.com"),
		conformance.SeveralUsersMatch: starter(grant).ForUser(target.Calendar, "team@example.com"),
	}
}
