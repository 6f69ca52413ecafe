//go:build clients

package clients_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
)

// mailbox is what ews.mjs prints.
type mailbox struct {
	Error        string
	Inbox        string
	Total        int
	Unread       int
	Folders      []string
	Subjects     []string
	Body         string
	From         string
	Appointments []string
	Contacts     []string
	Resolved     []string
	Mailbox      string
	Server       int
}

// read runs the library.
func read(t *testing.T, server *exchange.Server, scheme exchange.Scheme, password, impersonate string) mailbox {
	t.Helper()
	return library[mailbox](t, "ews.mjs", "ews-javascript-api", server.CA(),
		"EWS_URL="+server.URL(), "EWS_USER="+server.Service().Login(), "EWS_PASSWORD="+password,
		"EWS_SCHEME="+string(scheme), "EWS_IMPERSONATE="+impersonate)
}

func TestEWSLibraryReadsMailbox(t *testing.T) {
	t.Parallel()
	for _, scheme := range schemes {
		for who, email := range map[string]string{"": "svc-riva@example.com", "ada@example.com": "ada@example.com"} {
			t.Run(fmt.Sprintf("%s as %s", scheme, email), func(t *testing.T) {
				t.Parallel()
				server := start(t, only(scheme, scheme == exchange.Basic))
				got := read(t, server, scheme, server.Service().Password, who)
				if got.Error != "" || got.Inbox != "Inbox" || got.Total != 2 || got.Unread != 1 || got.Mailbox != email ||
					got.From != "mary@example.com" || got.Body != "Your mailbox is ready." || got.Server != 15 {
					t.Errorf("mailbox: %+v", got)
				}
				for what, list := range map[string][2][]string{
					"folders":      {got.Folders[:2], {"Calendar", "Contacts"}},
					"messages":     {got.Subjects, {"Welcome", "Grüße aus dem Büro"}},
					"appointments": {got.Appointments, {"Weekly review", "Customer call"}},
					"contacts":     {got.Contacts, {"Charles Babbage", "Mary Somerville"}},
					"resolved":     {got.Resolved, {"ada@example.com"}},
				} {
					if !slices.Equal(list[0], list[1]) {
						t.Errorf("%s: %q, want %q", what, list[0], list[1])
					}
				}
				signedIn(t, server, scheme)
			})
		}
	}
}

func TestEWSLibraryErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		prepare     func(*exchange.Server) error
		password    string
		impersonate string
		want        string
	}{
		"wrong password": {password: "wrong", want: "Unauthorized"},
		"unknown user":   {impersonate: "nobody@example.com", want: "ErrorNonExistentMailbox"},
		"no right": {
			prepare: func(s *exchange.Server) error {
				return s.Update("svc-riva", func(a *ews.Account) { a.Impersonation = false })
			},
			impersonate: "ada@example.com", want: "ErrorImpersonateUserDenied",
		},
		"throttled": {
			prepare: func(s *exchange.Server) error { return s.Fail(ews.Busy(1), 0) },
			want:    "ErrorServerBusy",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, exchange.Options{})
			if tc.prepare != nil {
				if err := tc.prepare(server); err != nil {
					t.Fatal(err)
				}
			}
			password := tc.password
			if password == "" {
				password = server.Service().Password
			}
			if got := read(t, server, exchange.Basic, password, tc.impersonate); got.Error != tc.want {
				t.Errorf("error %q, want %q", got.Error, tc.want)
			}
		})
	}
}
