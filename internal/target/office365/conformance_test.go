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
			grants(t, func(t *testing.T, grant string) { conformance.Run(t, subject(api, grant)) })
		})
	}
}

type (
	scenes  = map[conformance.Situation]func(*testing.T) conformance.Scene
	signals = map[string]conformance.Signal
)

// otherTenant is an id by which the tenant can be found, though it is not its own.
const otherTenant = "5a4d0000-7e4a-4000-8000-0000000fa15e"

// stage is a stand-in, and an account with the grant that it lets in at the API.
func stage(api, grant string) conformance.Stage[*sandbox.Server] {
	return func(t *testing.T, tls *sandboxcore.TLS) (*sandbox.Server, target.Account) {
		t.Helper()
		server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: tls}})
		return server, account(t, server, api, grant)
	}
}

// subject is a grant at an API. The signals of the token endpoint are the same for both, and so are played at one.
func subject(api, grant string) conformance.Subject {
	s := conformance.Subject{
		Start:     stage(api, grant).Start,
		Addresses: []string{api + "_url", "authority_url"}, Scenes: accountScenes(api, grant),
		Impossible: map[conformance.Situation]string{},
	}
	s.Scenes[conformance.EchoedSecret] = s.Failing(entra.Echo())
	if api == ews {
		s.Operations = []string{"token", "GetFolder", "ConvertId"}
		s.Scenes[conformance.Throttling] = s.Failing(mailboxes.Busy(conformance.Wait))
		s.Scenes[conformance.DeeplyNested] = s.Failing(mailboxes.Deep())
		s.Scenes[conformance.ExternalEntities] = s.Failing(mailboxes.Entities())
		s.Signals = ewsSignals(s)
		return s
	}
	s.Operations = []string{"token", "user", "mailFolders"}
	if grant == refreshToken {
		s.Operations = []string{"token", "me", "mailFolders"}
	}
	s.Scenes[conformance.Throttling] = s.Failing(sandbox.Throttled(conformance.Wait))
	s.Scenes[conformance.DeeplyNested] = s.Failing(mailboxes.Deep())
	s.Impossible[conformance.ExternalEntities] = "the answers are JSON, which has none"
	s.Signals = graphSignals(s)
	maps.Copy(s.Signals, conformance.Entra(s.Failing))
	return s
}

// accountScenes are about who signs in and what they may do.
func accountScenes(api, grant string) scenes {
	with := stage(api, grant).With
	return scenes{
		conformance.Works: stage(api, grant).About(target.General, ""),
		conformance.WrongSecret: with(func(t *testing.T, server *sandbox.Server, s *conformance.Scene) {
			if grant == certificate {
				pair, err := sandboxcore.NewKeyPair(time.Now().AddDate(1, 0, 0))
				must(t, err)
				must(t, server.Entra.SetCertificate(pair.Certificate))
				return
			}
			s.Account.Credentials[grant] = "wr0ng-canary"
		}),
		conformance.ExpiredOrRevoked: with(func(t *testing.T, server *sandbox.Server, s *conformance.Scene) {
			switch grant {
			case clientSecret:
				must(t, server.Entra.ExpireSecrets())
			case certificate:
				pair, err := sandboxcore.NewKeyPair(time.Now().Add(-time.Hour))
				must(t, err)
				s.Account.Credentials["certificate"], s.Account.Credentials["private_key"] = pair.Certificate, pair.PrivateKey
				s.SignIns = nil // nobody is asked
			case refreshToken:
				must(t, server.Entra.Revoke(service))
			}
		}),
		conformance.AccountLocked: with(func(t *testing.T, server *sandbox.Server, _ *conformance.Scene) {
			if grant == refreshToken {
				must(t, server.Entra.UpdateUser(service, func(u *entra.User) { u.Locked = true }))
				return
			}
			must(t, server.Fail(entra.Error(50053), sandboxcore.UntilCleared)) // no app is locked, but the row is there
		}),
		conformance.OtherIdentity: with(func(t *testing.T, _ *sandbox.Server, s *conformance.Scene) {
			if grant == refreshToken {
				s.Account.Settings["username"] = "somebody.else@example.com"
				return
			}
			*s = elsewhere(t, api, grant)
		}),
		conformance.MissingRight: with(func(t *testing.T, server *sandbox.Server, _ *conformance.Scene) {
			must(t, server.Entra.UpdateApp(func(a *entra.App) { a.Consents = map[string]entra.Consent{} }))
		}),
		conformance.UnknownUser:       stage(api, grant).About(target.Impersonation, "nobody@example.com"),
		conformance.SeveralUsersMatch: stage(api, grant).About(target.Calendar, "team@example.com"),
	}
}

// elsewhere is a tenant that gives tokens of another one than it is asked for.
func elsewhere(t *testing.T, api, grant string) conformance.Scene {
	t.Helper()
	seed, err := sandbox.NewSeed()
	must(t, err)
	seed.Entra.Tenants[0].Domains = append(seed.Entra.Tenants[0].Domains, otherTenant)
	server := start(t, sandbox.Options{Seed: &seed})
	s := conformance.Scene{Account: account(t, server, api, grant), Test: target.General}
	s.Account.Settings["tenant_id"] = otherTenant
	return s
}

// graphSignals are what Graph says of failures (https://learn.microsoft.com/graph/errors, and what the directory and
// Exchange behind it say).
func graphSignals(s conformance.Subject) signals {
	all := signals{
		"403 insufficient_claims": {
			Means: target.GivenCredentials, Arrange: s.FailingLater(withStatus(sandbox.ClaimsChallenge(), http.StatusForbidden)),
		},
		"401 insufficient_claims": {Means: target.GivenCredentials, Arrange: s.FailingLater(sandbox.ClaimsChallenge())},
		"application access policy": {
			Means: target.InsufficientPermission, Says: "RAOP", Arrange: s.Failing(sandbox.AccessPolicy().ForOperation("mailFolders")),
		},
		"wrong audience": {
			Means: target.Misconfigured, Field: "graph_url",
			Arrange: s.Failing(sandbox.GraphError("InvalidAuthenticationToken").
				WithMessage("Access token validation failure. Invalid audience.")),
		},
		"ResourceNotFound of a user": {
			Means: target.UserNotFound,
			Arrange: s.Failing(withStatus(sandbox.GraphError("ResourceNotFound").WithMessage("User not found"), http.StatusNotFound).
				ForOperation("mailFolders")),
		},
		"ResourceNotFound of something": {
			Means: target.Misconfigured,
			Arrange: s.Failing(withStatus(sandbox.GraphError("ResourceNotFound").WithMessage("Resource could not be discovered."),
				http.StatusNotFound).ForOperation("mailFolders")),
		},
		"code in the error below": {
			Means: target.InsufficientPermission, Arrange: s.Failing(sandbox.InnerError("ErrorAccessDenied").ForOperation("mailFolders")),
		},
		"TooManyRequests": {
			Means: target.Throttled, Says: "Too many", Arrange: s.Failing(sandbox.GraphError("TooManyRequests").Wait(2 * time.Minute)),
		},
	}
	for code, means := range map[string]target.Code{
		"InvalidAuthenticationToken": target.GivenCredentials, "unauthenticated": target.GivenCredentials,
		"Authorization_RequestDenied": target.InsufficientPermission, "ErrorAccessDenied": target.InsufficientPermission,
		"extensionError": target.InsufficientPermission, "accessDenied": target.InsufficientPermission,
		"ErrorItemNotFound": target.InsufficientPermission, "Authorization_IdentityNotFound": target.InsufficientPermission,
		"Request_ResourceNotFound": target.UserNotFound, "ErrorInvalidUser": target.UserNotFound,
		"ErrorNonExistentMailbox": target.UserNotFound, "MailboxNotEnabledForRESTAPI": target.UserNotFound,
		"ApplicationThrottled": target.Throttled, "activityLimitReached": target.Throttled, "throttledRequest": target.Throttled,
		"serviceNotAvailable": target.SystemNotAvailable, "generalException": target.SystemNotAvailable,
		"ServiceUnavailable": target.SystemNotAvailable, "UnknownError": target.SystemNotAvailable,
	} {
		all[code] = conformance.Signal{
			Means: means, Says: code, Arrange: s.FailingLater(sandbox.GraphError(code).ForOperation("mailFolders")),
		}
	}
	for status, means := range map[int]target.Code{
		http.StatusTooManyRequests: target.Throttled, 509: target.Throttled, http.StatusUnauthorized: target.GivenCredentials,
		http.StatusForbidden: target.InsufficientPermission, http.StatusInternalServerError: target.SystemNotAvailable,
		http.StatusBadGateway: target.SystemNotAvailable, http.StatusServiceUnavailable: target.SystemNotAvailable,
		http.StatusGatewayTimeout: target.SystemNotAvailable, http.StatusNotFound: target.Misconfigured,
	} {
		all["empty "+http.StatusText(status)] = conformance.Signal{
			Means: means, Arrange: s.FailingLater(sandboxcore.Status(status).ForOperation("mailFolders")),
		}
	}
	return all
}

func withStatus(f sandboxcore.Fault, status int) sandboxcore.Fault {
	f.Status = status
	return f
}

// ewsSignals are what Exchange Online says of tokens. What it says in SOAP is EWS's own: see the system exchange.
func ewsSignals(s conformance.Subject) signals {
	return signals{
		"invalid_lifetime": {Means: target.GivenCredentials, Arrange: s.FailingLater(sandbox.EWSDiagnostics("invalid_lifetime"))},
		"invalid_grant":    {Means: target.InsufficientPermission, Arrange: s.Failing(sandbox.EWSDiagnostics("invalid_grant"))},
		"403 invalid_grant": {
			Means: target.InsufficientPermission, Says: "invalid_grant",
			Arrange: s.Failing(withStatus(sandbox.EWSDiagnostics("invalid_grant"), http.StatusForbidden)),
		},
		"invalid_resource": {
			Means: target.Misconfigured, Field: "ews_url", Arrange: s.Failing(sandbox.EWSDiagnostics("invalid_resource")),
		},
		"401 without words": {
			Means: target.GivenCredentials, Arrange: s.FailingLater(sandboxcore.Status(http.StatusUnauthorized).ForOperation("GetFolder")),
		},
		"EWS switched off": {
			Means: target.InsufficientPermission, Field: "api", Says: "switched off",
			Arrange: func(t *testing.T) conformance.Scene {
				standIn, account := s.Start(t, nil)
				server, _ := standIn.(*sandbox.Server)
				server.UpdateTenant(func(tenant *sandbox.Tenant) { tenant.EWSEnabled = false })
				return conformance.Scene{Account: account, Test: target.General}
			},
		},
		"ErrorAccessDenied": {
			Means: target.InsufficientPermission, Arrange: s.Failing(mailboxes.ItemError("ErrorAccessDenied")),
		},
		"ErrorImpersonateUserDenied": {
			Means: target.InsufficientPermission, Arrange: s.Failing(mailboxes.SOAPFault("ErrorImpersonateUserDenied")),
		},
		"ErrorNonExistentMailbox": {
			Means: target.UserNotFound, Field: "validation_email", Arrange: s.Failing(mailboxes.SOAPFault("ErrorNonExistentMailbox")),
		},
		"ErrorServerBusy": {Means: target.Throttled, Arrange: s.Failing(mailboxes.Busy(time.Minute))},
		"ErrorMailboxMoveInProgress": {
			Means: target.SystemNotAvailable, Arrange: s.Failing(mailboxes.SOAPFault("ErrorMailboxMoveInProgress")),
		},
		"ErrorMissingEmailAddress": {
			Means: target.Misconfigured, Field: "validation_email", Arrange: s.Failing(mailboxes.SOAPFault("ErrorMissingEmailAddress")),
		},
	}
}
