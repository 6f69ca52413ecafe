//go:build clients

package clients_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// workspace is what google.mjs prints.
type workspace struct {
	Error, Message         string
	Email, Calendar, Event string
	Subject                string
	Scopes                 int
	SignedIn               string
}

// startGoogle starts a stand-in for one test.
func startGoogle(t *testing.T) *google.Server {
	t.Helper()
	return sandboxtest.Start(t, google.Start, google.Options{Options: secure()})
}

// googleLibraries runs Google's libraries with further environment variables.
func googleLibraries(t *testing.T, server *google.Server, more ...string) workspace {
	t.Helper()
	more = append([]string{"G_TOKEN_URL=" + server.TokenURL(), "G_API_URL=" + server.APIURL()}, more...)
	return library[workspace](t, "google.mjs", "google-auth-library", server.CA(), more...)
}

func TestGoogleLibrariesRead(t *testing.T) {
	t.Parallel()
	server := startGoogle(t)
	got := googleLibraries(t, server, "G_KEY_FILE="+server.KeyFile(), "G_SUBJECT=ada@example.com")
	want := workspace{Email: "ada@example.com", Calendar: "ada@example.com", Event: "Stand-up", Subject: "Welcome"}
	if got != want {
		t.Errorf("as Ada: %+v", got)
	}
	client, admin := server.Client(), server.Admin().Email
	got = googleLibraries(t, server, "G_CLIENT_ID="+client.ID, "G_CLIENT_SECRET="+client.Secret,
		"G_REFRESH_TOKEN="+server.RefreshToken())
	want = workspace{Email: admin, Calendar: admin, Event: "Stand-up", Subject: "Welcome", Scopes: len(google.Scopes())}
	if got != want {
		t.Errorf("with a refresh token: %+v", got)
	}
	for i, attempt := range server.SignInList() {
		if want := []string{google.GrantJWTBearer, google.GrantRefreshToken}[i]; !attempt.Accepted || attempt.Scheme != want {
			t.Errorf("sign-in %d: %+v", i, attempt)
		}
	}
}

// TestGoogleLibrariesAuthorize lets a person sign in with a browser.
func TestGoogleLibrariesAuthorize(t *testing.T) {
	t.Parallel()
	server := startGoogle(t)
	client := server.Client()
	user, err := server.User("grace@example.com")
	if err != nil {
		t.Fatal(err)
	}
	run := func(choices person.Choices, more ...string) workspace {
		return googleLibraries(t, server, append([]string{
			"G_CLIENT_ID=" + client.ID, "G_CLIENT_SECRET=" + client.Secret, "G_AUTHORIZE_URL=" + server.AuthorizeURL(),
			"G_SCOPES=" + strings.Join(google.Scopes(), " "),
			"G_PERSON=" + signsIn(t, server.CA(), user.Email, user.Password, choices),
		}, more...)...)
	}
	want := workspace{
		Email: user.Email, Calendar: user.Email, Event: "Stand-up", Subject: "Welcome", Scopes: len(google.Scopes()),
		SignedIn: user.Email,
	}
	if got := run(person.Choices{}); got != want {
		t.Errorf("approved: %+v", got)
	}
	withheld := person.Choices{Withhold: []string{"https://www.googleapis.com/auth/gmail.readonly"}}
	if got := run(withheld); got.Error != "403" || !strings.Contains(got.Message, "insufficient authentication scopes") {
		t.Errorf("without mail: %+v", got)
	}
	if got := run(person.Choices{Deny: true}); !strings.Contains(got.Message, "access_denied") {
		t.Errorf("denied: %+v", got)
	}
	if got := run(person.Choices{}, "G_VERIFIER="+strings.Repeat("x", 43)); !strings.Contains(got.Message, "invalid_grant") {
		t.Errorf("another verifier: %+v", got)
	}
}

func TestGoogleLibrariesErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		subject       string
		arrange       func(*google.Server)
		want, message string
	}{
		"unknown user": {"nobody@example.com", func(*google.Server) {}, "400", "invalid_grant"},
		"not delegated": {"ada@example.com", func(s *google.Server) {
			s.UpdateServiceAccount(func(a *google.ServiceAccount) { a.Delegated = nil })
		}, "401", "unauthorized_client"},
		"no mail": {"no-mail@example.com", func(*google.Server) {}, "400", "Mail service not enabled"},
		"API is off": {"ada@example.com", func(s *google.Server) {
			s.UpdateServiceAccount(func(a *google.ServiceAccount) { a.DisabledAPIs = []string{"gmail.googleapis.com"} })
		}, "403", "has not been used in project"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startGoogle(t)
			tc.arrange(server)
			got := googleLibraries(t, server, "G_KEY_FILE="+server.KeyFile(), "G_SUBJECT="+tc.subject)
			if got.Error != tc.want || !strings.Contains(got.Message, tc.message) {
				t.Errorf("error %s: %q", got.Error, got.Message)
			}
		})
	}
}
