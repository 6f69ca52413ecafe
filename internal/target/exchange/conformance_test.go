package exchange_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

func TestConformanceBasic(t *testing.T) {
	t.Parallel()
	s := variant{settings: target.Settings{"authentication": "basic"}}.suite()
	s.Errors = ewsErrors(s)
	maps.Copy(s.Errors, statusErrors(s))
	conformance.Run(t, s)
}

func TestConformanceServerDecides(t *testing.T) {
	t.Parallel()
	conformance.Run(t, variant{}.suite())
}

func TestConformanceNTLM(t *testing.T) {
	t.Parallel()
	conformance.Run(t, variant{settings: target.Settings{"authentication": "ntlm"}}.suite())
}

func TestConformanceCertificate(t *testing.T) {
	t.Parallel()
	w := variant{certificate: true, settings: target.Settings{"authentication": "certificate"}}
	s := w.suite()
	s.Cases[conformance.WrongSecret] = w.starter().With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
		s.Account.Credentials = newCertificate(t, server, sandboxcore.ClientCertificate{Email: "svc-riva@example.com", Untrusted: true})
	})
	s.Cases[conformance.ExpiredOrRevoked] = w.starter().With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Case) {
		server.RevokeCertificate()
	})
	s.Echo = sandboxcore.Fault{}
	const rejected = "IIS rejects a client certificate with such a page, as its 403.16"
	s.Impossible = map[conformance.Situation]string{
		conformance.EchoedSecret:   "the server never sees the private key",
		conformance.GatewayPage401: rejected, conformance.GatewayPage403: rejected, conformance.RefusalPage: rejected,
	}
	delete(s.Cases, conformance.RefusalPage)
	conformance.Run(t, s)
}

// The default path of EWS is empty, so Autodiscover is called.
func TestConformanceOutlookOnTheWeb(t *testing.T) {
	t.Parallel()
	w := variant{owa: true, path: "/mail/exchange.asmx"}
	s := w.suite()
	s.Cases[conformance.WrongPath] = w.starter().With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
		server.Move("/nowhere", server.URL())
		conformance.FailUntilCleared(t, server, sandboxcore.Status(http.StatusNotFound).ForOperation("GetFolder"))
	})
	s.Errors = w.autodiscoverErrors()
	conformance.Run(t, s)
}

type cases = map[conformance.Situation]func(*testing.T) conformance.Case

// variant is an address and an authentication of Exchange.
type variant struct {
	settings    target.Settings
	certificate bool   // instead of the password
	owa         bool   // instead of ews_url
	path        string // the path of EWS; empty for the default
}

func (w variant) start(t *testing.T, tls *sandboxcore.TLS) (*sandbox.Server, target.Account) {
	t.Helper()
	if w.certificate && tls == nil {
		tls = &sandboxcore.TLS{}
	}
	server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: tls}, EWSPath: w.path})
	a := account(server)
	maps.Copy(a.Settings, w.settings)
	if w.owa {
		delete(a.Settings, "ews_url")
		a.Settings["owa_url"] = server.OWA()
	}
	if w.certificate {
		a.Credentials = target.Credentials{}
		a.Credentials["certificate"], a.Credentials["private_key"] = server.Certificate()
	}
	return server, a
}

func (w variant) suite() conformance.Suite {
	s := conformance.Suite{
		Echo: ews.Echo(), Unknown: ews.ItemError("ErrorNeverHeardOf"), Challenge: `Negotiate, Basic realm="mail"`,
		Start:     w.starter().Start,
		Addresses: []string{"ews_url"}, Cases: w.accountCases(),
	}
	if w.owa {
		s.Addresses = []string{"owa_url"}
	}
	s.Cases[conformance.RefusalPage] = s.Cases[conformance.WrongSecret] // with the page of IIS
	maps.Copy(s.Cases, cases{
		conformance.Throttling:       s.Failing(ews.Busy(conformance.Wait)),
		conformance.DeeplyNested:     s.Failing(ews.Deep()),
		conformance.ExternalEntities: s.Failing(ews.Entities()),
	})
	return s
}

// starter starts a server of the variant and makes an account that can sign in.
func (w variant) starter() conformance.StartFunc[*sandbox.Server] { return w.start }

// accountCases are the cases about the identity and its rights.
func (w variant) accountCases() cases {
	return cases{
		conformance.Works:       w.starter().ForUser(target.General, ""),
		conformance.WrongSecret: w.starter().WithValue("password", "wr0ng-canary"),
		conformance.ExpiredOrRevoked: w.starter().With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			conformance.Update(t, server, "svc-riva", func(a *ews.Account) { a.PasswordExpires = time.Now().Add(-time.Hour) })
		}),
		conformance.AccountLocked: w.starter().With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
			conformance.Update(t, server, "svc-riva", func(a *ews.Account) { a.Locked = true })
		}),
		conformance.OtherIdentity: w.starter().With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			conformance.Update(t, server, "grace", func(a *ews.Account) { a.Aliases = []string{"other@example.com"} })
			s.Account.Settings["mailbox"] = "other@example.com"
		}),
		conformance.MissingRight: w.starter().With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			conformance.Update(t, server, "svc-riva", func(a *ews.Account) { a.Impersonation = false })
			s.Test, s.User = target.Impersonation, "ada@example.com"
		}),
		conformance.UnknownUser: w.starter().ForUser(target.Impersonation, "nobody@example.com"),
		conformance.SeveralUsersMatch: w.starter().With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			for _, user := range []string{"ada", "grace"} {
				conformance.Update(t, server, user, func(a *ews.Account) { a.Aliases = []string{"team@example.com"} })
			}
			s.Test, s.User = target.Calendar, "team@example.com"
		}),
	}
}

// ewsErrors are the response codes of EWS, as a fault of the request and as an error of an item.
func ewsErrors(s conformance.Suite) map[string]conformance.ErrorCase {
	fields := map[string]string{
		"ErrorPasswordExpired": "password", "ErrorMissingEmailAddress": "username", "ErrorAccountDisabled": "username",
		"ErrorInvalidServerVersion": "ews_url",
	}
	errorCases := map[string]conformance.ErrorCase{}
	for means, codes := range map[target.Code]string{
		target.GivenCredentials: "ErrorPasswordExpired ErrorPasswordChangeRequired ErrorAccountDisabled",
		target.InsufficientPermission: "ErrorImpersonateUserDenied ErrorImpersonationDenied ErrorImpersonationFailed " +
			"ErrorAccessDenied ErrorFolderNotFound ErrorItemNotFound",
		target.Throttled: "ErrorServerBusy ErrorExceededConnectionCount ErrorExceededFindCountLimit " +
			"ErrorExceededSubscriptionCount ErrorTooManyObjectsOpened",
		target.SystemNotAvailable: "ErrorADUnavailable ErrorADOperation ErrorConnectionFailed ErrorMailboxStoreUnavailable " +
			"ErrorMailboxMoveInProgress ErrorMailboxFailover ErrorInternalServerTransientError ErrorInternalServerError " +
			"ErrorNoApplicableProxyCASServersAvailable ErrorTimeoutExpired",
		target.UserNotFound: "ErrorNonExistentMailbox ErrorNameResolutionNoResults ErrorNameResolutionMultipleResults " +
			"ErrorInvalidSmtpAddress ErrorInvalidUserPrincipalName ErrorInvalidUserSid ErrorMissingEmailAddress",
		target.Misconfigured: "ErrorInvalidServerVersion ErrorSchemaValidation ErrorInvalidRequest ErrorWrongServerVersion",
	} {
		for code := range strings.FieldsSeq(codes) {
			for shape, fault := range map[string]sandboxcore.Fault{"fault": ews.SOAPFault(code), "item": ews.ItemError(code)} {
				errorCases[code+" "+shape] = conformance.ErrorCase{
					Fault: means, Message: code, Field: fields[code], Setup: s.Failing(fault),
				}
			}
		}
	}
	return errorCases
}

// statusErrors are responses that are not from EWS itself, unknown codes, and the forms of throttling.
func statusErrors(s conformance.Suite) map[string]conformance.ErrorCase {
	errorCases := map[string]conformance.ErrorCase{
		"unknown code, fault": {Fault: target.SystemNotAvailable, Setup: s.Failing(ews.SOAPFault("ErrorNeverHeardOf"))},
		"unknown code, item":  {Fault: target.SystemNotAvailable, Setup: s.Failing(ews.ItemError("ErrorNeverHeardOf"))},
		"queueing":            {Fault: target.Throttled, Setup: s.Failing(ews.Queueing(time.Minute))},
		"form of Outlook": {
			Fault: target.Misconfigured, Field: "ews_url", Message: `the web page "Outlook"`, Setup: s.Failing(sandbox.LoginPage()),
		},
		"disabled": {Fault: target.InsufficientPermission, Setup: s.Failing(sandbox.Off())},
	}
	for status, fault := range map[int]target.Code{
		http.StatusForbidden: target.InsufficientPermission, http.StatusNotFound: target.Misconfigured,
		http.StatusMethodNotAllowed: target.Misconfigured, http.StatusGone: target.Misconfigured,
		440: target.Misconfigured, http.StatusTooManyRequests: target.Throttled,
		http.StatusBadGateway: target.SystemNotAvailable, http.StatusServiceUnavailable: target.SystemNotAvailable,
		http.StatusGatewayTimeout: target.SystemNotAvailable, http.StatusOK: target.Misconfigured,
		http.StatusNoContent: target.Misconfigured,
	} {
		errorCases["HTTP "+http.StatusText(status)] = conformance.ErrorCase{Fault: fault, Setup: s.Failing(sandboxcore.Status(status))}
	}
	return errorCases
}

// autodiscoverErrors are the errors of its two services. The one in plain XML is called only if the other one does not exist.
func (w variant) autodiscoverErrors() map[string]conformance.ErrorCase {
	errorCases := map[string]conformance.ErrorCase{}
	for fault, codes := range map[target.Code]string{
		target.UserNotFound:       "500 501 602 InvalidUser",
		target.SystemNotAvailable: "603 InternalServerError",
		target.Throttled:          "ServerBusy",
		target.Misconfigured:      "600 601 InvalidRequest InvalidSetting SettingIsNotAvailable InvalidDomain NotFederated",
	} {
		for code := range strings.FieldsSeq(codes) {
			errorCases["Autodiscover "+code] = conformance.ErrorCase{
				Fault: fault, Message: code,
				Setup: w.starter().With(func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
					if code < "A" {
						conformance.FailUntilCleared(t, server, sandboxcore.Status(http.StatusNotFound).ForOperation("GetUserSettings"))
					}
					conformance.FailUntilCleared(t, server, sandbox.Autodiscover(code))
				}),
			}
		}
	}
	return errorCases
}
