package office365_test

import (
	"maps"
	"net/http"
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	mailboxes "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/office365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	for _, api := range []string{graph, ews} {
		t.Run(api, func(t *testing.T) {
			t.Parallel()
			grants(t, func(t *testing.T, grant string) { conformance.Run(t, suite(api, grant)) })
		})
	}
}

type (
	scenes  = map[conformance.Situation]func(*testing.T) conformance.Case
	signals = map[string]conformance.ErrorCase
)

// otherTenant is an id that finds the tenant, although it is not the tenant's own.
const otherTenant = "5a4d0000-7e4a-4000-8000-0000000fa15e"

// starter starts a stand-in and makes an account with the grant for the API.
func starter(api, grant string) conformance.StartFunc[*sandbox.Server] {
	return func(t *testing.T, tls *sandboxcore.TLS) (*sandbox.Server, target.Account) {
		t.Helper()
		server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: tls}})
		return server, account(t, server, api, grant)
	}
}

// suite is the suite of a grant and an API. The errors of the token endpoint are the same for both APIs, so only one has them.
func suite(api, grant string) conformance.Suite {
	s := conformance.Suite{
		Start:     starter(api, grant).Start,
		Addresses: []string{api + "_url", "authority_url"}, Cases: accountCases(api, grant),
		Impossible: map[conformance.Situation]string{},
	}
	s.Echo, s.Unknown = entra.Echo(), entra.Error(7999999)
	if api == ews {
		s.Operations = []string{"token", "GetFolder", "ConvertId"}
		s.Cases[conformance.Throttling] = s.Failing(mailboxes.Busy(conformance.Wait))
		s.Cases[conformance.DeeplyNested] = s.Failing(mailboxes.Deep())
		s.Cases[conformance.ExternalEntities] = s.Failing(mailboxes.Entities())
		s.Errors = ewsErrors(s)
		return s
	}
	s.Operations = []string{"token", "user", "mailFolders"}
	if grant == refreshToken {
		s.Operations = []string{"token", "me", "mailFolders"}
	}
	s.Cases[conformance.Throttling] = s.Failing(sandbox.Throttled(conformance.Wait))
	s.Cases[conformance.DeeplyNested] = s.Failing(mailboxes.Deep())
	s.Impossible[conformance.ExternalEntities] = "the responses are JSON, which has no entities"
	s.Errors = graphErrors(s)
	maps.Copy(s.Errors, conformance.Entra(s.Failing))
	return s
}

// accountCases are the cases about the identity and its rights.
func accountCases(api, grant string) scenes {
	with := starter(api, grant).With
	return scenes{
		conformance.Works: starter(api, grant).ForUser(target.General, ""),
		conformance.WrongSecret: with(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			if grant == certificate {
				pair, err := sandboxcore.NewKeyPair(time.Now().AddDate(1, 0, 0))
				requireNoError(t, err)
				requireNoError(t, server.Entra.SetCertificate(pair.Certificate))
				return
			}
			s.Account.Credentials[grant] = "wr0ng-canary"
		}),
		conformance.ExpiredOrRevoked: with(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			switch grant {
			case clientSecret:
				requireNoError(t, server.Entra.ExpireSecrets())
			case certificate:
				pair, err := sandboxcore.NewKeyPair(time.Now().Add(-time.Hour))
				requireNoError(t, err)
				s.Account.Credentials["certificate"], s.Account.Credentials["private_key"] = pair.Certificate, pair.PrivateKey
				s.SignIns = nil // nothing is called
			case refreshToken:
				requireNoError(t, server.Entra.Revoke(service))
			}
		}),
		conformance.AccountLocked: with(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			if grant == refreshToken {
				requireNoError(t, server.Entra.UpdateUser(service, func(u *entra.User) { u.Locked = true }))
				return
			}
			requireNoError(t, server.Fail(entra.Error(50053), sandboxcore.UntilCleared)) // apps are not locked, but the error exists
		}),
		conformance.OtherIdentity: with(func(t *testing.T, _ *sandbox.Server, s *conformance.Case) {
			if grant == refreshToken {
				s.Account.Settings["username"] = "another@example.com"
				return
			}
			*s = otherTenantServer(t, api, grant)
		}),
		conformance.MissingRight: with(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			requireNoError(t, server.Entra.UpdateApp(func(a *entra.App) { a.Consents = map[string]entra.Consent{} }))
		}),
		conformance.UnknownUser:       starter(api, grant).ForUser(target.Impersonation, "nobody@example.com"),
		conformance.SeveralUsersMatch: starter(api, grant).ForUser(target.Calendar, "team@example.com"),
	}
}

// otherTenantServer is a server that issues tokens of another tenant than the requested one.
func otherTenantServer(t *testing.T, api, grant string) conformance.Case {
	t.Helper()
	seed, err := sandbox.NewSeed()
	requireNoError(t, err)
	seed.Entra.Tenants[0].Domains = append(seed.Entra.Tenants[0].Domains, otherTenant)
	server := start(t, sandbox.Options{Seed: &seed})
	s := conformance.Case{Account: account(t, server, api, grant), Test: target.General}
	s.Account.Settings["tenant_id"] = otherTenant
	return s
}

// graphErrors are the errors of Graph (https://learn.microsoft.com/graph/errors), and of the directory and Exchange behind it.
func graphErrors(s conformance.Suite) signals {
	all := signals{
		"403 insufficient_claims": {
			Fault: target.GivenCredentials, Setup: s.FailingLater(withStatus(sandbox.ClaimsChallenge(), http.StatusForbidden)),
		},
		"401 insufficient_claims": {Fault: target.GivenCredentials, Setup: s.FailingLater(sandbox.ClaimsChallenge())},
		"application access policy": {
			Fault: target.InsufficientPermission, Message: "RAOP", Setup: s.Failing(sandbox.AccessPolicy().ForOperation("mailFolders")),
		},
		"wrong audience": {
			Fault: target.Misconfigured, Field: "graph_url",
			Setup: s.Failing(sandbox.GraphError("InvalidAuthenticationToken").
				WithMessage("Access token validation failure. Invalid audience.")),
		},
		"ResourceNotFound of a user": {
			Fault: target.UserNotFound,
			Setup: s.Failing(withStatus(sandbox.GraphError("ResourceNotFound").WithMessage("User not found"), http.StatusNotFound).
				ForOperation("mailFolders")),
		},
		"ResourceNotFound of something": {
			Fault: target.UserNotFound,
			Setup: s.Failing(withStatus(sandbox.GraphError("ResourceNotFound").WithMessage("Resource could not be discovered."),
				http.StatusNotFound).ForOperation("mailFolders")),
		},
		"code in the error below": {
			Fault: target.InsufficientPermission, Setup: s.Failing(sandbox.InnerError("ErrorAccessDenied").ForOperation("mailFolders")),
		},
		"TooManyRequests": {
			Fault: target.Throttled, Message: "Too many", Setup: s.Failing(sandbox.GraphError("TooManyRequests").Wait(2 * time.Minute)),
		},
	}
	for code, fault := range map[string]target.Code{
		"InvalidAuthenticationToken": target.GivenCredentials, "unauthenticated": target.GivenCredentials,
		"Authorization_RequestDenied": target.InsufficientPermission, "ErrorAccessDenied": target.InsufficientPermission,
		"extensionError": target.InsufficientPermission, "accessDenied": target.InsufficientPermission,
		"ErrorItemNotFound": target.InsufficientPermission, "Authorization_IdentityNotFound": target.InsufficientPermission,
		"Request_ResourceNotFound": target.UserNotFound, "ErrorInvalidUser": target.UserNotFound,
		"OrganizationFromTenantGuidNotFound": target.UserNotFound,
		"ErrorNonExistentMailbox":            target.UserNotFound, "MailboxNotEnabledForRESTAPI": target.UserNotFound,
		"ApplicationThrottled": target.Throttled, "activityLimitReached": target.Throttled, "throttledRequest": target.Throttled,
		"serviceNotAvailable": target.SystemNotAvailable, "generalException": target.SystemNotAvailable,
		"ServiceUnavailable": target.SystemNotAvailable, "UnknownError": target.SystemNotAvailable,
	} {
		all[code] = conformance.ErrorCase{
			Fault: fault, Message: code, Setup: s.FailingLater(sandbox.GraphError(code).ForOperation("mailFolders")),
		}
	}
	for status, fault := range map[int]target.Code{
		http.StatusTooManyRequests: target.Throttled, 509: target.Throttled, http.StatusUnauthorized: target.GivenCredentials,
		http.StatusForbidden: target.InsufficientPermission, http.StatusInternalServerError: target.SystemNotAvailable,
		http.StatusBadGateway: target.SystemNotAvailable, http.StatusServiceUnavailable: target.SystemNotAvailable,
		http.StatusGatewayTimeout: target.SystemNotAvailable, http.StatusNotFound: target.Misconfigured,
	} {
		all["empty "+http.StatusText(status)] = conformance.ErrorCase{
			Fault: fault, Setup: s.FailingLater(sandboxcore.Status(status).ForOperation("mailFolders")),
		}
	}
	return all
}

func withStatus(f sandboxcore.Fault, status int) sandboxcore.Fault {
	f.Status = status
	return f
}

// ewsErrors are the errors of Exchange Online about tokens. The SOAP errors are tested in the system exchange.
func ewsErrors(s conformance.Suite) signals {
	return signals{
		"invalid_lifetime": {Fault: target.GivenCredentials, Setup: s.FailingLater(sandbox.EWSDiagnostics("invalid_lifetime"))},
		"invalid_grant":    {Fault: target.InsufficientPermission, Setup: s.Failing(sandbox.EWSDiagnostics("invalid_grant"))},
		"403 invalid_grant": {
			Fault: target.InsufficientPermission, Message: "invalid_grant",
			Setup: s.Failing(withStatus(sandbox.EWSDiagnostics("invalid_grant"), http.StatusForbidden)),
		},
		"invalid_resource": {
			Fault: target.Misconfigured, Field: "ews_url", Setup: s.Failing(sandbox.EWSDiagnostics("invalid_resource")),
		},
		"401 without a text": {
			Fault: target.GivenCredentials, Setup: s.FailingLater(sandboxcore.Status(http.StatusUnauthorized).ForOperation("GetFolder")),
		},
		"EWS switched off": {
			Fault: target.InsufficientPermission, Field: "api", Message: "disabled",
			Setup: func(t *testing.T) conformance.Case {
				standIn, account := s.Start(t, nil)
				server, _ := standIn.(*sandbox.Server)
				server.UpdateTenant(func(tenant *sandbox.Tenant) { tenant.EWSEnabled = false })
				return conformance.Case{Account: account, Test: target.General}
			},
		},
		"ErrorAccessDenied": {
			Fault: target.InsufficientPermission, Setup: s.Failing(mailboxes.ItemError("ErrorAccessDenied")),
		},
		"ErrorImpersonateUserDenied": {
			Fault: target.InsufficientPermission, Setup: s.Failing(mailboxes.SOAPFault("ErrorImpersonateUserDenied")),
		},
		"ErrorNonExistentMailbox": {
			Fault: target.UserNotFound, Field: "validation_email", Setup: s.Failing(mailboxes.SOAPFault("ErrorNonExistentMailbox")),
		},
		"ErrorServerBusy": {Fault: target.Throttled, Setup: s.Failing(mailboxes.Busy(time.Minute))},
		"ErrorMailboxMoveInProgress": {
			Fault: target.SystemNotAvailable, Setup: s.Failing(mailboxes.SOAPFault("ErrorMailboxMoveInProgress")),
		},
		"ErrorMissingEmailAddress": {
			Fault: target.UserNotFound, Field: "validation_email", Setup: s.Failing(mailboxes.SOAPFault("ErrorMissingEmailAddress")),
		},
	}
}
