package oraclecrmondemand_test

import (
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oraclecrmondemand"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// identityCall is the call that reads the identity.
const identityCall = "CurrentUserQueryPage"

// starter starts a stand-in and makes an account that can sign in.
var starter conformance.StartFunc[*sandbox.Server] = func(t *testing.T, tls *sandboxcore.TLS) (*sandbox.Server, target.Account) {
	t.Helper()
	server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: tls}})
	return server, account(server)
}

func TestConformance(t *testing.T) {
	t.Parallel()
	s := conformance.Suite{
		Start: starter.Start, Unknown: sandbox.SOAPFault("SBL-NEW-00001", "It."),
		Addresses: []string{"url"}, Operations: []string{"login", identityCall}, Cases: cases(),
	}
	s.Cases[conformance.Throttling] = s.Failing(sandbox.Throttled(conformance.Wait))
	// After the login, a rejection means that the session was lost.
	s.Cases[conformance.ManyChallenges] = s.FailingLater(sandboxcore.Challenges().ForOperation("login"))
	s.Cases[conformance.DeeplyNested] = s.Failing(sandbox.Deep().ForOperation(identityCall))
	s.Cases[conformance.ExternalEntities] = s.Failing(sandbox.Entities().ForOperation(identityCall))
	s.Echo = sandbox.Echo()
	s.Errors = errorCases(s)
	conformance.Run(t, s)
}

// service sets up a test of the service user after a change of that user.
func service(test target.Test, change func(*sandbox.User)) func(*testing.T) conformance.Case {
	return starter.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
		t.Helper()
		conformance.Update(t, server, server.Service().Name, change)
		s.Test = test
	})
}

func cases() map[conformance.Situation]func(*testing.T) conformance.Case {
	return map[conformance.Situation]func(*testing.T) conformance.Case{
		conformance.Works:             starter.ForUser(target.General, ""),
		conformance.WrongSecret:       starter.WithValue("password", "wr0ng-canary"),
		conformance.ExpiredOrRevoked:  service(target.General, func(u *sandbox.User) { u.PasswordExpired = true }),
		conformance.AccountLocked:     service(target.General, func(u *sandbox.User) { u.Locked = true }),
		conformance.OtherIdentity:     service(target.General, func(u *sandbox.User) { u.Becomes = "somebody" }),
		conformance.MissingRight:      service(target.Contacts, func(u *sandbox.User) { u.Contacts = false }),
		conformance.UnknownUser:       starter.ForUser(target.General, "nobody@example.com"),
		conformance.SeveralUsersMatch: starter.ForUser(target.Calendar, "team@example.com"),
	}
}

// errorCases are Oracle's errors, at the login and later.
func errorCases(s conformance.Suite) map[string]conformance.ErrorCase {
	const none = ""
	company := func(change func(*sandbox.Company)) func(*testing.T) conformance.Case {
		return starter.With(func(_ *testing.T, server *sandbox.Server, _ *conformance.Case) { server.UpdateCompany(change) })
	}
	all := map[string]conformance.ErrorCase{
		"inactive service user": {
			Fault: target.GivenCredentials, Field: "password",
			Setup: service(target.General, func(u *sandbox.User) { u.Active = false }),
		},
		"role without web services": {
			Fault: target.InsufficientPermission, Message: "SBL-DAT-00553",
			Setup: service(target.General, func(u *sandbox.User) { u.WebServices = false }),
		},
		"role without users": {
			Fault: target.InsufficientPermission, Setup: starter.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
				t.Helper()
				conformance.Update(t, server, server.Service().Name, func(u *sandbox.User) { u.Users = false })
				s.User = "ada@example.com"
			}),
		},
		"too many sessions": {Fault: target.Throttled, Setup: company(func(c *sandbox.Company) { c.SessionLimit = 0 })},
		"allotment": {
			Fault: target.Throttled, Message: "Allotment", Setup: company(func(c *sandbox.Company) { c.Exhausted = true }),
		},
	}
	for _, status := range []int{200, 400, 401, 403} {
		name := map[int]string{200: "200 without a session", 400: "400", 401: "401", 403: "403"}[status]
		all["login: "+name] = conformance.ErrorCase{
			Fault: target.GivenCredentials, Field: "password", Message: "HTTP", Setup: s.Failing(sandbox.LoginRefused(status)),
		}
	}
	all["login: 500 that speaks of the password"] = conformance.ErrorCase{
		Fault: target.GivenCredentials, Setup: s.Failing(sandbox.LoginRefused(500)),
	}
	for operation, known := range map[string]map[string]struct {
		means   target.Code
		code    string
		message string
	}{
		"login": {
			"wrong password": {target.GivenCredentials, "SBL-ODU-01006", "Unknown user"},
			"session code":   {target.Throttled, "SBL-ODU-01006", "com.siebel.occam.integration.IntegrationServletException"},
		},
		identityCall: {
			"lost session": {target.SystemNotAvailable, "SBL-ODU-01006", "com.siebel.occam.integration.IntegrationServletException"},
			"idle session": {target.SystemNotAvailable, none, "Internal Error: Session is not available. Aborting."},
		},
	} {
		for name, c := range known {
			all[operation+": "+name] = conformance.ErrorCase{
				Fault: c.means, Setup: s.FailingLater(sandbox.SOAPFault(c.code, c.message).ForOperation(operation)),
			}
		}
	}
	message := func(text string) sandboxcore.Fault { return sandbox.SOAPFault(none, text) }
	for name, c := range map[string]struct {
		means target.Code
		fault sandboxcore.Fault
	}{
		"access denied": {
			target.InsufficientPermission, sandbox.SOAPFault("SBL-DAT-00553", "Access denied.(SBL-DAT-00553)"),
		},
		"access denied, as text": {target.InsufficientPermission, message("Access Denied")},
		"no record type": {
			target.InsufficientPermission, sandbox.SOAPFault("SBL-ODU-01011", "No access to this object"),
		},
		"operations": {
			target.Throttled, message("The Web Services Operations Allotment of 9 has been reached(SBL-SBL-70172)"),
		},
		"bandwidth": {target.Throttled, message("The Web Services Bandwidth Allotment of 9 has been reached")},
		"rate":      {target.Throttled, sandbox.Throttled(50 * time.Millisecond)},
		"rate, without its code": {
			target.Throttled, message("The maximum rate of requests was exceeded. Please try again in 50 ms."),
		},
		"credentials in a token": {
			target.GivenCredentials, message("The security token could not be authenticated or authorized."),
		},
		"no security element": {target.Misconfigured, message("Missing <wsse:Security> in SOAP Header")},
		"policy":              {target.Misconfigured, message("Policy requires authentication token")},
		"no user name":        {target.Misconfigured, message("Missing user name in security token")},
		"no password":         {target.Misconfigured, message("Missing password value")},
		"SOAPAction": {
			target.Misconfigured, sandbox.SOAPFault("SBL-ODU-01007", "The HTTP request did not contain a valid header"),
		},
		"stateless":    {target.Misconfigured, message("Stateless web services are not enabled")},
		"unknown code": {target.SystemNotAvailable, sandbox.SOAPFault("SBL-EAI-04127", "An error")},
		"unknown code, status 200": {
			target.SystemNotAvailable, sandboxcore.Fault{Kind: sandbox.KindSOAPFault, Code: "SBL-EAI-04127", Status: 200},
		},
		"other form of detail": {target.InsufficientPermission, sandboxcore.Fault{
			Kind: sandbox.KindSiebelFault, Code: "SBL-DAT-00553", Message: "Zugriff verweigert",
		}},
		"404":         {target.Misconfigured, sandboxcore.Status(404)},
		"429":         {target.Throttled, sandboxcore.Status(429)},
		"500":         {target.SystemNotAvailable, sandboxcore.Status(500)},
		"502":         {target.SystemNotAvailable, sandboxcore.Status(502)},
		"504":         {target.SystemNotAvailable, sandboxcore.Status(504)},
		"maintenance": {target.SystemNotAvailable, sandboxcore.Maintenance()},
	} {
		for _, operation := range []string{"login", identityCall} {
			all[operation+": "+name] = conformance.ErrorCase{Fault: c.means, Setup: s.FailingLater(c.fault.ForOperation(operation))}
		}
	}
	return all
}
