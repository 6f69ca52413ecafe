package netsuite_test

import (
	"net/http"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/netsuite"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// starter starts a stand-in and makes an account that can sign in.
var starter conformance.StartFunc[*sandbox.Server] = func(t *testing.T, tls *sandboxcore.TLS) (*sandbox.Server, target.Account) {
	t.Helper()
	server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: tls}})
	return server, account(server)
}

func TestConformance(t *testing.T) {
	t.Parallel()
	s := conformance.Suite{
		Start: starter.Start, Unknown: sandbox.APIError("NEVER_HEARD_OF"),
		Addresses: []string{"api_url"}, Operations: []string{"record", "tokeninfo"},
		Cases: cases(),
		Impossible: map[conformance.Situation]string{
			conformance.ExternalEntities: "the responses are JSON, which has no entities",
			conformance.EchoedSecret:     "secrets are never sent, only signatures",
		},
	}
	s.Cases[conformance.Throttling] = s.Failing(sandbox.TooMany(conformance.Wait))
	// Without a readable token info, the sign-in continues.
	s.Cases[conformance.ManyChallenges] = s.FailingLater(sandboxcore.Challenges().ForOperation("record"))
	s.Cases[conformance.DeeplyNested] = s.Failing(sandbox.Deep())
	s.Errors = errorCases(s)
	s.Errors["who cannot be compared"] = conformance.ErrorCase{
		Fault: target.InsufficientPermission, Field: "username", Message: "could not be compared",
		Setup: starter.With(func(_ *testing.T, server *sandbox.Server, s *conformance.Case) {
			server.UpdateRole(func(r *sandbox.Role) { r.WebServicesOnly = true })
			s.Account.Settings["username"] = "Riva Sync"
		}),
	}
	conformance.Run(t, s)
}

func updateToken(t *testing.T, server *sandbox.Server, change func(*sandbox.Token)) {
	t.Helper()
	if err := server.UpdateToken(change); err != nil {
		t.Fatal(err)
	}
}

func updateService(t *testing.T, server *sandbox.Server, change func(*sandbox.Employee)) {
	t.Helper()
	conformance.Update(t, server, server.Token().User, change)
}

func cases() map[conformance.Situation]func(*testing.T) conformance.Case {
	return map[conformance.Situation]func(*testing.T) conformance.Case{
		conformance.Works:       starter.ForUser(target.General, ""),
		conformance.WrongSecret: starter.WithValue("token_secret", "wr0ng-canary"),
		conformance.ExpiredOrRevoked: starter.With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			updateToken(t, server, func(token *sandbox.Token) { token.Revoked = true })
		}),
		conformance.AccountLocked: starter.With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			updateService(t, server, func(e *sandbox.Employee) { e.Locked = true })
		}),
		conformance.OtherIdentity: starter.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			s.Account.Settings["username"] = server.Token().User
			updateToken(t, server, func(token *sandbox.Token) { token.User = "Grace Hopper" })
		}),
		conformance.MissingRight: starter.With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Case) {
			server.UpdateRole(func(r *sandbox.Role) { r.REST = false })
		}),
		conformance.UnknownUser:       starter.ForUser(target.General, "nobody@example.com"),
		conformance.SeveralUsersMatch: starter.ForUser(target.Calendar, "team@example.com"),
	}
}

// errorCases are NetSuite's errors: those of a rejected sign-in, which only some accounts report, and those of the services.
func errorCases(s conformance.Suite) map[string]conformance.ErrorCase {
	all := map[string]conformance.ErrorCase{}
	for code, fault := range map[string]target.Code{
		"INVALID_LOGIN": target.GivenCredentials, "token_rejected": target.GivenCredentials, "TokenRejected": target.GivenCredentials,
		"signature_invalid": target.GivenCredentials, "InvalidSignature": target.GivenCredentials,
		"temporarily_locked": target.GivenCredentials, "EntityOrRoleDisabled": target.GivenCredentials,
		"timestamp_refused": target.Misconfigured, "InvalidTimestamp": target.Misconfigured,
		"nonce_used": target.Misconfigured, "NonceUsed": target.Misconfigured, "nonce_rejected": target.Misconfigured,
		"NonceRejected": target.Misconfigured, "signature_method_rejected": target.Misconfigured,
		"version_rejected": target.Misconfigured, "MissingTokenPassportRequiredFields": target.Misconfigured,
		"FeatureDisabled": target.Misconfigured, "permission_denied": target.InsufficientPermission,
		"never_heard_of": target.GivenCredentials,
	} {
		all[code] = conformance.ErrorCase{Fault: fault, Message: code, Setup: detailedRejection(code)}
	}
	all["token_unknown"] = conformance.ErrorCase{
		Fault: target.GivenCredentials, Field: "token_id", Message: "token_unknown", Setup: detailedRejection("token_unknown"),
	}
	for code, fault := range map[string]target.Code{
		"consumer_key_unknown": target.GivenCredentials, "consumer_key_refused": target.InsufficientPermission,
	} {
		all[code] = conformance.ErrorCase{Fault: fault, Field: "consumer_key", Message: code, Setup: detailedRejection(code)}
	}
	for code, fault := range map[string]target.Code{
		"INSUFFICIENT_PERMISSION": target.InsufficientPermission, "USER_ERROR": target.InsufficientPermission,
		"REQUEST_LIMIT_EXCEEDED": target.Throttled, "CONCURRENCY_LIMIT_EXCEEDED": target.Throttled,
		"WS_REQUEST_BLOCKED": target.Throttled, "UNEXPECTED_ERROR": target.SystemNotAvailable,
		"INVALID_URL": target.Misconfigured, "INVALID_PARAMETER": target.Misconfigured, "NEVER_HEARD_OF": target.Misconfigured,
	} {
		all[code] = conformance.ErrorCase{Fault: fault, Message: code, Setup: s.Failing(sandbox.APIError(code).ForOperation("record"))}
	}
	// The same limit, as RESTlets report it.
	all["SSS_REQUEST_LIMIT_EXCEEDED"] = conformance.ErrorCase{
		Fault: target.Throttled, Setup: s.Failing(sandbox.APIError("SSS_REQUEST_LIMIT_EXCEEDED").ForOperation("tokeninfo")),
	}
	all["concurrency as text"] = conformance.ErrorCase{Fault: target.Throttled, Setup: s.Failing(
		sandbox.APIError("USER_ERROR").WithMessage("SuiteTalk concurrent request limit exceeded. Request blocked.").
			ForOperation("record"),
	)}
	all["another user error"] = conformance.ErrorCase{
		Fault: target.Misconfigured,
		Setup: s.Failing(sandbox.APIError("USER_ERROR").WithMessage("Invalid request.").ForOperation("record")),
	}
	all["employees out of sight"] = conformance.ErrorCase{
		Fault: target.InsufficientPermission, Message: "INVALID_PARAMETER",
		Setup: starter.With(func(_ *testing.T, server *sandbox.Server, s *conformance.Case) {
			server.UpdateRole(func(r *sandbox.Role) { r.Employees = false })
			s.User = "ada@example.com"
		}),
	}
	for status, fault := range map[int]target.Code{
		http.StatusNotFound: target.Misconfigured, http.StatusTooManyRequests: target.Throttled,
		http.StatusBadGateway: target.SystemNotAvailable, http.StatusServiceUnavailable: target.SystemNotAvailable,
		http.StatusInternalServerError: target.SystemNotAvailable, http.StatusForbidden: target.InsufficientPermission,
		http.StatusUnauthorized: target.GivenCredentials,
	} {
		failing := s.Failing(sandboxcore.Status(status).ForOperation("record"))
		all[http.StatusText(status)] = conformance.ErrorCase{Fault: fault, Setup: func(t *testing.T) conformance.Case {
			t.Helper()
			tc := failing(t)
			tc.SignIns = nil // the signature is not checked
			return tc
		}}
	}
	all["clock"] = conformance.ErrorCase{
		Fault: target.GivenCredentials, Message: "token_rejected", // NetSuite's error for all of them, by default
		Setup: s.Failing(sandbox.LoginError("timestamp_refused")),
	}
	return all
}

// detailedRejection is a rejected sign-in to an account that reports the reason.
func detailedRejection(code string) func(*testing.T) conformance.Case {
	return starter.With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
		t.Helper()
		server.UpdateAccount(func(a *sandbox.Account) { a.Detailed = true })
		if err := server.Fail(sandbox.LoginError(code), sandboxcore.UntilCleared); err != nil {
			t.Fatal(err)
		}
	})
}
