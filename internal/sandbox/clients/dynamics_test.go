//go:build clients

package clients_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/dynamics365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// environment is what dynamics.mjs prints.
type environment struct {
	Error, Message     string
	Number             int
	Status             int
	User, Organization string
	Found              []string
	ActedAs            string
	Tables             []string
}

// startDynamics starts a stand-in for one test. MSAL requires TLS.
func startDynamics(t *testing.T) *dynamics365.Server {
	t.Helper()
	return sandboxtest.Start(t, dynamics365.Start, dynamics365.Options{Options: secure()})
}

// dynamics runs MSAL and dynamics-web-api, with the secret or, if that is empty, with the certificate.
func dynamics(t *testing.T, server *dynamics365.Server, secret, email string) environment {
	t.Helper()
	pair, err := server.Entra().Pair()
	if err != nil {
		t.Fatal(err)
	}
	return library[environment](t, "dynamics.mjs", "dynamics-web-api", server.CA(), "D_URL="+server.URL(),
		"D_AUTHORITY="+server.URLOf(entra.Site), "D_TENANT=example.onmicrosoft.com", "D_CLIENT_ID="+server.Entra().App().ClientID,
		"D_SECRET="+secret, "D_CERTIFICATE="+pair.Certificate, "D_PRIVATE_KEY="+pair.PrivateKey, "D_EMAIL="+email)
}

func TestDynamicsLibrariesRead(t *testing.T) {
	t.Parallel()
	for _, proof := range []string{"secret", "certificate"} {
		t.Run(proof, func(t *testing.T) {
			t.Parallel()
			server := startDynamics(t)
			secret := ""
			if proof == "secret" {
				secret = server.Entra().App().Secrets[0].Value
			}
			got := dynamics(t, server, secret, "ada@example.com")
			ada, err := server.User("ada@example.com")
			if err != nil {
				t.Fatal(err)
			}
			if got.Error+got.Message != "" || got.User != server.Service().ID || got.Organization != server.Organization().ID {
				t.Errorf("it read %+v", got)
			}
			if !slices.Equal(got.Found, []string{"Ada Lovelace"}) || got.ActedAs != ada.ID || !slices.Contains(got.Tables, "contact") {
				t.Errorf("it read %+v", got)
			}
			if attempts := server.SignInList(); len(attempts) != 1 || !attempts[0].Accepted {
				t.Errorf("sign-ins: %+v", attempts)
			}
		})
	}
}

func TestDynamicsLibrariesErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		secret string
		change func(*dynamics365.Server) error
		want   environment
	}{
		"wrong secret": {
			secret: "wrong", want: environment{Error: "invalid_client", Number: 7000215, Message: "AADSTS7000215"},
		},
		"expired secret": {
			change: func(s *dynamics365.Server) error { return s.Entra().ExpireSecrets() },
			want:   environment{Error: "invalid_client", Number: 7000222, Message: "AADSTS7000222"},
		},
		"no application user": {
			change: func(s *dynamics365.Server) error { return s.Remove(s.Service().Username) },
			want:   environment{Error: "0x80072560", Message: "not a member of the organization", Status: 403},
		},
		"no delegation": {
			change: func(s *dynamics365.Server) error {
				return s.Update(s.Service().Username, func(u *dynamics365.User) { u.ActOnBehalf = false })
			},
			want: environment{Error: "0x80040220", Message: "prvActOnBehalfOfAnotherUser", Status: 403},
		},
		"too many requests": {
			change: func(s *dynamics365.Server) error { return s.Fail(dynamics365.RequestLimit(0), sandbox.UntilCleared) },
			want:   environment{Error: "0x80072322", Message: "exceeded the limit of 6000", Status: 429},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startDynamics(t)
			secret := server.Entra().App().Secrets[0].Value
			if tc.secret != "" {
				secret = tc.secret
			}
			if tc.change != nil {
				if err := tc.change(server); err != nil {
					t.Fatal(err)
				}
			}
			got := dynamics(t, server, secret, "ada@example.com")
			if got.Error != tc.want.Error || got.Number != tc.want.Number || !strings.Contains(got.Message, tc.want.Message) ||
				tc.want.Status != 0 && got.Status != tc.want.Status {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
		})
	}
}
