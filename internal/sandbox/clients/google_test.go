//go:build clients

package clients_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// workspace is what google.mjs prints.
type workspace struct {
	Error, Message         string
	Email, Calendar, Event string
	Subject                string
	Scopes                 int
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
