package google_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
)

func TestReads(t *testing.T) {
	t.Parallel()
	server := start(t, google.Options{})
	for _, test := range []struct{ user, scope, path, text string }{
		{"ada@example.com", mail, "/gmail/v1/users/me/profile?alt=json&prettyPrint=false", `"emailAddress":"ada@example.com"`},
		{"ada@example.com", mail, "/gmail/v1/users/ada.lovelace@example.com/profile", `"emailAddress":"ada@example.com"`},
		{"ada@example.com", mail, "/gmail/v1/users/me/messages?maxResults=1", `"id":"18c0ffee00000001"`},
		{"ada@example.com", mail, "/gmail/v1/users/me/messages/18c0ffee00000001", `"value":"ada@example.com"`},
		{"left@example.com", mail, "/gmail/v1/users/me/messages", `"messages"`},
		{"grace@example.com", calendar, "/calendar/v3/users/me/calendarList", `"id":"grace@example.com"`},
		{"grace@example.com", calendar, "/calendar/v3/calendars/primary/events", `"summary":"Stand-up"`},
		{"grace@example.com", calendar, "/calendar/v3/calendars/grace%40example.com/events", `"summary":"Stand-up"`},
		{"alan@example.com", contacts, "/v1/people/me/connections?personFields=names", `"displayName":"Charles Babbage"`},
		{"riva-sync@example.com", directory, "/admin/directory/v1/users/ada.lovelace@example.com", `"primaryEmail":"ada@example.com"`},
		{"riva-sync@example.com", directory, "/admin/directory/v1/users/left%40example.com", `"suspended":true`},
	} {
		got := get(t, server, test.path, token(t, server, test.user, test.scope))
		if got.Status != http.StatusOK || !strings.Contains(got.Body, test.text) || strings.Contains(got.Body, "example.org") {
			t.Errorf("%s: got %d %s", test.path, got.Status, got.Body)
		}
	}
}

// errorSummary returns the parts of an error: status, status name, reason in the list, reason in the details.
func errorSummary(t *testing.T, s response) string {
	t.Helper()
	var e struct {
		Error struct {
			Code            int
			Message, Status string
			Errors, Details []struct{ Reason string }
		}
	}
	if err := json.Unmarshal([]byte(s.Body), &e); err != nil || e.Error.Code != s.Status || e.Error.Message == "" {
		t.Fatalf("no error object: %d %s", s.Status, s.Body)
	}
	reason, info := "-", "-"
	if len(e.Error.Errors) > 0 {
		reason = e.Error.Errors[0].Reason
	}
	if len(e.Error.Details) > 0 {
		info = e.Error.Details[0].Reason
	}
	return fmt.Sprintf("%d %s %s %s", s.Status, e.Error.Status, reason, info)
}

func TestAPIErrors(t *testing.T) {
	t.Parallel()
	server := start(t, google.Options{})
	server.UpdateServiceAccount(func(a *google.ServiceAccount) { a.DisabledAPIs = []string{"people.googleapis.com"} })
	const gmail, events, users = "/gmail/v1/users/", "/calendar/v3/", "/admin/directory/v1/users"
	const admin, denied = "riva-sync@example.com", "403 PERMISSION_DENIED "
	for name, test := range map[string]struct {
		user, scope, path string
		want              string // status, status name, reason in the list, reason in the details
	}{
		"no token":      {"", "", gmail + "me/profile", "401 UNAUTHENTICATED required CREDENTIALS_MISSING"},
		"no such token": {"-", "", gmail + "me/profile", "401 UNAUTHENTICATED authError -"},
		"another scope": {
			"ada@example.com", calendar, gmail + "me/profile", denied + "insufficientPermissions ACCESS_TOKEN_SCOPE_INSUFFICIENT",
		},
		"newer API": {
			"ada@example.com", mail, "/v1/people/me/connections", denied + "- ACCESS_TOKEN_SCOPE_INSUFFICIENT",
		},
		"disabled API": {
			"ada@example.com", contacts, "/v1/people/me/connections", denied + "- SERVICE_DISABLED",
		},
		"other mailbox":   {"ada@example.com", mail, gmail + "grace@example.com/profile", denied + "forbidden -"},
		"no mail":         {"no-mail@example.com", mail, gmail + "me/messages", "400 FAILED_PRECONDITION failedPrecondition -"},
		"account itself":  {"itself", mail, gmail + "me/profile", "400 FAILED_PRECONDITION failedPrecondition -"},
		"no calendar":     {"no-mail@example.com", calendar, events + "users/me/calendarList", denied + "notACalendarUser -"},
		"no events":       {"no-mail@example.com", calendar, events + "calendars/primary/events", denied + "notACalendarUser -"},
		"other calendar":  {"ada@example.com", calendar, events + "calendars/x/events", "404 NOT_FOUND notFound -"},
		"no such message": {"ada@example.com", mail, gmail + "me/messages/x", "404 NOT_FOUND notFound -"},
		"suspended":       {"left@example.com", mail, gmail + "me/messages/18c0ffee00000001", denied + "forbidden -"},
		"no admin":        {"ada@example.com", directory, users + "/ada@example.com", denied + "forbidden -"},
		"unknown user":    {admin, directory, users + "/x@example.com", "404 NOT_FOUND notFound -"},
		"other customer":  {admin, directory, users + "/riva-sync@example.org", denied + "forbidden -"},
	} {
		access := test.user
		switch {
		case test.user == "itself":
			access = token(t, server, "", test.scope)
		case len(test.user) > 1:
			access = token(t, server, test.user, test.scope)
		}
		got := get(t, server, test.path, access)
		if summary := errorSummary(t, got); summary != test.want {
			t.Errorf("%s: got %s: %s", name, summary, got.Body)
		}
		challenged := got.Header.Get("WWW-Authenticate") != ""
		if challenged != (got.Status == http.StatusUnauthorized || strings.HasSuffix(test.want, "INSUFFICIENT")) {
			t.Errorf("%s: WWW-Authenticate is %q", name, got.Header.Get("WWW-Authenticate"))
		}
	}
}

func TestAPIFaults(t *testing.T) {
	t.Parallel()
	server := start(t, google.Options{})
	access := token(t, server, "ada@example.com", mail)
	fail(t, server, google.RateLimit(90*time.Second).ForAccount("ada@example.com"))
	got := get(t, server, "/gmail/v1/users/me/profile", access)
	if errorSummary(t, got) != "429 RESOURCE_EXHAUSTED rateLimitExceeded -" || got.Header.Get("Retry-After") != "90" {
		t.Errorf("got %d %s", got.Status, got.Body)
	}
	if got := get(t, server, "/gmail/v1/users/me/profile", token(t, server, "grace@example.com", mail)); got.Status != 200 {
		t.Errorf("another user: %s", got.Body)
	}
	server.Clear()
	fault := google.APIError("userRateLimitExceeded").WithMessage("Slow down")
	fault.Status = 418
	fail(t, server, fault)
	if got := get(t, server, "/gmail/v1/users/me/profile", access); got.Status != 418 || !strings.Contains(got.Body, "Slow down") {
		t.Errorf("got %d %s", got.Status, got.Body)
	}
	server.Clear()
	fail(t, server, google.Deep())
	if got := get(t, server, "/gmail/v1/users/me/profile", access); len(got.Body) < 100_000 {
		t.Errorf("got %d bytes", len(got.Body))
	}
}
