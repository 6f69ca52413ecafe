package google_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// TestControlRequests checks that each request has an effect on clients.
func TestControlRequests(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method, path, body string
		hasEffect          func(*testing.T, *google.Server, string) bool
	}{
		"suspend":    {"PATCH", "/users/ada@example.com", `{"suspended":true}`, suspended},
		"no mail":    {"PATCH", "/users/ada@example.com", `{"mail":false}`, rejectsProfile},
		"delegation": {"PATCH", "/service-account", `{"delegated":[]}`, rejectsAssertion},
		"disable key": {
			"PATCH", "/service-account", `{"key_disabled":true}`, rejectsAssertion,
		},
		"disable API": {
			"PATCH", "/service-account", `{"disabled_apis":["gmail.googleapis.com"]}`, rejectsProfile,
		},
		"client":   {"PATCH", "/client", `{"disabled":true}`, rejectsRefresh},
		"revoke":   {"POST", "/revoke", ``, rejectsRefresh},
		"expire":   {"POST", "/expire", `{"user":"ada@example.com"}`, rejectsProfile},
		"throttle": {"POST", "/throttle", `{"wait_ms":1000}`, rejectsProfile},
		"delete":   {"PATCH", "/users/ada@example.com", `{"deleted":true}`, rejectsProfile},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, google.Options{})
			control := sandboxtest.Control(t, server)
			access := token(t, server, "ada@example.com", mail)
			if test.hasEffect(t, server, access) {
				t.Fatal("the effect exists before the request")
			}
			if got := control.Send(test.method, test.path, test.body).Status; got != http.StatusOK || !test.hasEffect(t, server, access) {
				t.Errorf("got %d, without an effect", got)
			}
		})
	}
}

func suspended(t *testing.T, s *google.Server, _ string) bool {
	t.Helper()
	admin := token(t, s, s.Admin().Email, directory)
	return get(t, s, "/admin/directory/v1/users/ada@example.com", admin).json["suspended"] == true
}

func rejectsAssertion(t *testing.T, s *google.Server, _ string) bool {
	t.Helper()
	return assert(t, s, sign(t, s, claims(s, "ada@example.com", mail), "")).Status == 401
}

func rejectsRefresh(t *testing.T, s *google.Server, _ string) bool {
	t.Helper()
	return refresh(t, s, nil).Status >= 400
}

func rejectsProfile(t *testing.T, s *google.Server, access string) bool {
	t.Helper()
	return get(t, s, "/gmail/v1/users/me/profile", access).Status >= 400
}

func TestControl(t *testing.T) {
	t.Parallel()
	server := start(t, google.Options{Options: sandbox.Options{TLS: &sandbox.TLS{}}})
	control := sandboxtest.Control(t, server)
	old := server.KeyFile()
	if control.Send(http.MethodPost, "/rotate-key", "").Status != http.StatusOK || server.KeyFile() == old {
		t.Error("the key is not rotated")
	}
	if got := control.Send(http.MethodPatch, "/users/nobody@example.com", `{"mail":false}`).Status; got != http.StatusNotFound {
		t.Errorf("unknown user: got %d", got)
	}
	if got := control.Send(http.MethodPatch, "/client", `{"odd":1}`).Status; got != http.StatusBadRequest {
		t.Errorf("unknown field: got %d", got)
	}
	state, err := json.Marshal(server.State())
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"PRIVATE KEY", server.Client().Secret, server.RefreshToken()} {
		if strings.Contains(string(state), secret) {
			t.Errorf("the state shows a secret: %s", state)
		}
	}
}

func TestInvalidSeeds(t *testing.T) {
	t.Parallel()
	if _, err := google.Start(google.Options{Seed: &google.Seed{}}); err == nil {
		t.Error("a seed without users was accepted")
	}
	seed, err := google.NewSeed()
	if err != nil {
		t.Fatal(err)
	}
	seed.ServiceAccount.PrivateKey = "x"
	if _, err := google.Start(google.Options{Seed: &seed}); err == nil {
		t.Error("an invalid key was accepted")
	}
	seed, err = google.NewSeed()
	if err != nil {
		t.Fatal(err)
	}
	seed.RefreshToken = ""
	server := start(t, google.Options{Seed: &seed})
	if got := refresh(t, server, nil); got.Text("error") != "invalid_grant" {
		t.Errorf("an empty token: %s", got.Body)
	}
}
