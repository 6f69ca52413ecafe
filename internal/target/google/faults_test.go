package google_test

import (
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// The directory decides about users, the token endpoint about delegation, and the APIs about the rest.
func TestUserFaults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		test    target.Test
		user    string
		arrange func(*testing.T, *sandbox.Server)
		means   target.Code
		message string
	}{
		"unknown":   {target.Calendar, "nobody@example.com", nil, target.UserNotFound, "No user has the address"},
		"group":     {target.Mail, "team@example.com", nil, target.UserNotFound, "No user has the address"},
		"suspended": {target.Mail, "left@example.com", nil, target.UserNotFound, "is suspended"},
		"archived":  {target.Contacts, "archived@example.com", nil, target.UserNotFound, "is archived"},
		"outsider":  {target.Impersonation, "riva-sync@example.org", nil, target.InsufficientPermission, "not a user of the same"},
		"no mail":   {target.Impersonation, "no-mail@example.com", nil, target.UserNotFound, "Mail service not enabled"},
		"no calendar": {
			target.Calendar, "no-mail@example.com", nil, target.UserNotFound, "signed up for Google Calendar",
		},
		"calendar not delegated": {target.Calendar, "ada@example.com", func(_ *testing.T, server *sandbox.Server) {
			delegate(server, mailScope, directoryScope)
		}, target.InsufficientPermission, "The client ID 100000000000000000042 needs the scope " + calendarScope},
		"directory not delegated": {target.Impersonation, "ada@example.com", func(_ *testing.T, server *sandbox.Server) {
			delegate(server, mailScope)
		}, target.InsufficientPermission, "needs the scope " + directoryScope},
		"no admin role": {target.General, "ada@example.com", func(t *testing.T, server *sandbox.Server) {
			conformance.Update(t, server, server.Admin().Email, func(u *sandbox.User) { u.Admin = false })
		}, target.InsufficientPermission, "riva-sync@example.com has no admin role"},
		"messages cannot be listed": {target.Mail, "ada@example.com", func(t *testing.T, server *sandbox.Server) {
			conformance.FailUntilCleared(t, server, sandbox.APIError("forbidden").ForOperation("messages"))
		}, target.InsufficientPermission, "Not Authorized"},
		"contacts API is off": {target.Contacts, "ada@example.com", func(_ *testing.T, server *sandbox.Server) {
			server.UpdateServiceAccount(func(a *sandbox.ServiceAccount) { a.DisabledAPIs = []string{"people.googleapis.com"} })
		}, target.Misconfigured, "SERVICE_DISABLED"},
		"token of the user is rejected": {target.Calendar, "ada@example.com", func(t *testing.T, server *sandbox.Server) {
			conformance.FailUntilCleared(t, server, sandbox.APIError("authError").ForOperation("events"))
		}, target.InsufficientPermission, "but not to act as ada@example.com: "},
		"state of the account": {target.Contacts, "ada@example.com", func(t *testing.T, server *sandbox.Server) {
			conformance.FailUntilCleared(t, server, sandbox.APIError("ACCOUNT_STATE_INVALID").ForOperation("connections"))
		}, target.UserNotFound, "act as ada@example.com"},
		"message cannot be read": {target.Mail, "ada@example.com", func(t *testing.T, server *sandbox.Server) {
			conformance.FailUntilCleared(t, server, sandbox.APIError("forbidden").ForOperation("message"))
		}, target.InsufficientPermission, "Not Authorized"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, sandbox.Options{})
			if test.arrange != nil {
				test.arrange(t, server)
			}
			conformance.RequireMessage(t, account(server, serviceAccount), test.test, test.user, test.means, test.message)
		})
	}
}

// An unknown error of the token endpoint about one user is not about the key.
func TestRejectedUserIsNotTheKey(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	session := conformance.SignIn(t, account(server, serviceAccount))
	if _, err := session.Run(t.Context(), target.General, "grace@example.com"); err != nil {
		t.Fatal(err) // the directory's token is there from now on
	}
	conformance.FailUntilCleared(t, server, sandbox.InvalidGrant("Something new about the user."))
	_, err := session.Run(t.Context(), target.Calendar, "ada@example.com")
	if fault, ok := target.AsFault(err); !ok || fault.Code != target.InsufficientPermission ||
		!fault.Message.Contains("Something new") || server.SignIns().Rejected != 1 {
		t.Errorf("got %v after %d rejections", err, server.SignIns().Rejected)
	}
}

// Gmail's message has the time of the next attempt.
func TestWaitInMessage(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	end := time.Now().Add(10 * time.Minute).UTC().Format("2006-01-02T15:04:05.000Z")
	for fault, want := range map[sandboxcore.Fault]time.Duration{
		with403("userRateLimitExceeded").WithMessage("User-rate limit exceeded.  Retry after " + end):           10 * time.Minute,
		with403("userRateLimitExceeded").WithMessage("User-rate limit exceeded.  Retry after some time."):       0,
		with403("rateLimitExceeded").WithMessage("User-rate limit exceeded.  Retry after 2020-01-01T00:00:00Z"): 0,
	} {
		server.Clear()
		conformance.FailUntilCleared(t, server, fault)
		got := conformance.RequireFault(t, account(server, serviceAccount), target.General, "")
		if got.Code != target.Throttled || got.RetryAfter > want || got.RetryAfter < want-time.Minute {
			t.Errorf("%s: got %s, %s", fault.Message, got.Code, got.RetryAfter)
		}
	}
}

// With a refresh token, the field to correct is one of three.
func TestFaultFields(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	for _, test := range []struct {
		fault sandboxcore.Fault
		want  string
	}{
		{sandbox.InvalidGrant("Token has been expired or revoked."), "refresh_token"},
		{sandbox.TokenError("invalid_client").WithMessage("The OAuth client was not found."), "client_id"},
		{sandbox.TokenError("invalid_client").WithMessage("The provided client secret is invalid."), "client_secret"},
		{sandbox.TokenError("deleted_client"), "client_id"},
		{sandbox.TokenError("disabled_client"), "client_id"},
		{sandbox.APIError("authError"), ""},
		{sandbox.APIError("accessNotConfigured"), "client_id"},
	} {
		server.Clear()
		conformance.FailUntilCleared(t, server, test.fault)
		if got := conformance.RequireFault(t, account(server, refreshToken), target.General, ""); got.Field != test.want {
			t.Errorf("%s: got the field %q, want %q", test.fault.Code+test.fault.Message, got.Field, test.want)
		}
	}
}
