package sapc4c_test

import (
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sapc4c"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// calls are the operations of a general test.
var calls = []string{"service", "BusinessUserCollection"}

// starter starts a stand-in and makes an account that can sign in.
var starter conformance.StartFunc[*sandbox.Server] = func(t *testing.T, tls *sandboxcore.TLS) (*sandbox.Server, target.Account) {
	t.Helper()
	server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: tls}})
	return server, account(server)
}

func TestConformance(t *testing.T) {
	t.Parallel()
	s := conformance.Suite{
		Start: starter.Start, Unknown: sandbox.ODataError(400, "NEVER/001"), Challenge: `Basic realm="SAP"`,
		Addresses: []string{"url"}, Operations: calls, Cases: cases(),
		Impossible: map[conformance.Situation]string{
			conformance.OtherIdentity:    "the service does not report the identity; it checks the name that is sent",
			conformance.ExternalEntities: "data are JSON, which has no entities; XML is read for error messages only, without entities",
		},
	}
	s.Cases[conformance.Throttling] = s.Failing(sandbox.Throttled(conformance.Wait))
	s.Cases[conformance.DeeplyNested] = s.Failing(sandbox.Deep())
	s.Echo = sandbox.Echo()
	s.Errors = errorCases(s)
	s.ImpossibleErrors = map[string]string{
		"another tenant": "calls go to the host of url only; redirects to another host are not followed",
	}
	conformance.Run(t, s)
}

type change = func(*testing.T, *sandbox.Server, *conformance.Case)

// service changes the service user.
func service(how func(*sandbox.User)) change {
	return func(t *testing.T, server *sandbox.Server, _ *conformance.Case) {
		t.Helper()
		conformance.Update(t, server, server.Service().UserID, how)
	}
}

func cases() map[conformance.Situation]func(*testing.T) conformance.Case {
	return map[conformance.Situation]func(*testing.T) conformance.Case{
		conformance.Works:            starter.ForUser(target.General, ""),
		conformance.WrongSecret:      starter.WithValue("password", "wr0ng-canary"),
		conformance.ExpiredOrRevoked: starter.With(service(func(u *sandbox.User) { u.PasswordExpired = true })),
		conformance.AccountLocked:    starter.With(service(func(u *sandbox.User) { u.Locked = true })),
		conformance.MissingRight: starter.With(func(t *testing.T, server *sandbox.Server, s *conformance.Case) {
			t.Helper()
			conformance.Update(t, server, server.Service().UserID, func(u *sandbox.User) { u.Contacts = false })
			s.Test = target.Contacts
		}),
		conformance.UnknownUser:       starter.ForUser(target.General, "nobody@example.com"),
		conformance.SeveralUsersMatch: starter.ForUser(target.Calendar, "team@example.com"),
	}
}

// errorCases are the errors of the service: SAP documents no codes, so the status decides.
func errorCases(s conformance.Suite) map[string]conformance.ErrorCase {
	all := map[string]conformance.ErrorCase{
		"password locked": {
			Fault: target.GivenCredentials, Field: "password",
			Setup: starter.With(service(func(u *sandbox.User) { u.PasswordLocked = true })),
		},
		"validity ended": {
			Fault: target.GivenCredentials, Field: "password",
			Setup: starter.With(service(func(u *sandbox.User) { u.ValidUntil = time.Unix(0, 0) })),
		},
		"no right to the service": {
			Fault: target.InsufficientPermission, Message: "not authorized",
			Setup: starter.With(service(func(u *sandbox.User) { u.API = false })),
		},
		"no right to business users": {
			Fault: target.InsufficientPermission, Message: "BusinessUserCollection",
			Setup: starter.With(service(func(u *sandbox.User) { u.Users = false })),
		},
	}
	for _, call := range calls {
		for name, signal := range map[string]struct {
			means target.Code
			fault sandboxcore.Fault
		}{
			"400":                {target.Misconfigured, sandbox.ODataError(400, "OData/014")},
			"403":                {target.InsufficientPermission, sandbox.ODataError(403, "OData/005")},
			"403 without a text": {target.InsufficientPermission, sandboxcore.Status(403)},
			"CSRF token":         {target.Misconfigured, sandbox.CSRF()},
			"404":                {target.Misconfigured, sandbox.ODataError(404, "OData/007")},
			"404 without a text": {target.Misconfigured, sandboxcore.Status(404)},
			"429":                {target.Throttled, sandbox.Throttled(time.Minute)},
			"429 without a text": {target.Throttled, sandboxcore.Status(429)},
			"503 with a wait":    {target.Throttled, sandbox.Busy(time.Minute)},
			"503 without a wait": {target.SystemNotAvailable, sandbox.ODataError(503, "OData/000")},
			"503 without a text": {target.SystemNotAvailable, sandboxcore.Status(503)},
			"downtime page":      {target.SystemNotAvailable, sandboxcore.Maintenance()},
			"500":                {target.SystemNotAvailable, sandbox.ODataError(500, "OData/000")},
			"502":                {target.SystemNotAvailable, sandboxcore.Status(502)},
			"504":                {target.SystemNotAvailable, sandboxcore.Status(504)},
			"closed connection":  {target.SystemNotAvailable, sandboxcore.Closed()},
		} {
			all[call+": "+name] = conformance.ErrorCase{Fault: signal.means, Setup: s.Failing(signal.fault.ForOperation(call))}
		}
	}
	return all
}
