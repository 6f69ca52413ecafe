package google_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
)

// steer sends an order to the control endpoint of a stand-in.
func steer(t *testing.T, control *sandbox.Control, method, path, body string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, control.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.Body.Close() != nil {
		t.Fatal(err)
	}
	return resp.StatusCode
}

// Each order has an effect that a client notices.
func TestOrders(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method, path, body string
		refused            func(*testing.T, *google.Server, string) bool
	}{
		"suspend":    {"PATCH", "/google/users/ada@example.com", `{"suspended":true}`, suspended},
		"no mail":    {"PATCH", "/google/users/ada@example.com", `{"mail":false}`, refusesProfile},
		"delegation": {"PATCH", "/google/service-account", `{"delegated":[]}`, refusesAssertion},
		"disable key": {
			"PATCH", "/google/service-account", `{"key_disabled":true}`, refusesAssertion,
		},
		"disable API": {
			"PATCH", "/google/service-account", `{"disabled_apis":["gmail.googleapis.com"]}`, refusesProfile,
		},
		"client":   {"PATCH", "/google/client", `{"disabled":true}`, refusesRefresh},
		"revoke":   {"POST", "/google/revoke", ``, refusesRefresh},
		"expire":   {"POST", "/google/expire", `{"user":"ada@example.com"}`, refusesProfile},
		"throttle": {"POST", "/google/throttle", `{"wait_ms":1000}`, refusesProfile},
		"delete":   {"PATCH", "/google/users/ada@example.com", `{"deleted":true}`, refusesProfile},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, google.Options{})
			control, err := sandbox.StartControl("127.0.0.1:0", server)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = control.Close() })
			access := token(t, server, "ada@example.com", mail)
			if test.refused(t, server, access) {
				t.Fatal("it is so before the order")
			}
			if got := steer(t, control, test.method, test.path, test.body); got != http.StatusOK || !test.refused(t, server, access) {
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

func refusesAssertion(t *testing.T, s *google.Server, _ string) bool {
	t.Helper()
	return assert(t, s, sign(t, s, claims(s, "ada@example.com", mail), "")).status == 401
}

func refusesRefresh(t *testing.T, s *google.Server, _ string) bool {
	t.Helper()
	return refresh(t, s, nil).status >= 400
}

func refusesProfile(t *testing.T, s *google.Server, access string) bool {
	t.Helper()
	return get(t, s, "/gmail/v1/users/me/profile", access).status >= 400
}

func TestControl(t *testing.T) {
	t.Parallel()
	server := start(t, google.Options{Options: sandbox.Options{TLS: &sandbox.TLS{}}})
	control, err := sandbox.StartControl("127.0.0.1:0", server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = control.Close() })
	old := server.KeyFile()
	if steer(t, control, http.MethodPost, "/google/rotate-key", "") != http.StatusOK || server.KeyFile() == old {
		t.Error("the key is not rotated")
	}
	if got := steer(t, control, http.MethodPatch, "/google/users/nobody@example.com", `{"mail":false}`); got != http.StatusNotFound {
		t.Errorf("nobody: got %d", got)
	}
	if got := steer(t, control, http.MethodPatch, "/google/client", `{"odd":1}`); got != http.StatusBadRequest {
		t.Errorf("odd order: got %d", got)
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

func TestSeeds(t *testing.T) {
	t.Parallel()
	if _, err := google.Start(google.Options{Seed: &google.Seed{}}); err == nil {
		t.Error("nobody is there")
	}
	seed, err := google.NewSeed()
	if err != nil {
		t.Fatal(err)
	}
	seed.ServiceAccount.PrivateKey = "x"
	if _, err := google.Start(google.Options{Seed: &seed}); err == nil {
		t.Error("there is no key to verify with")
	}
	seed, err = google.NewSeed()
	if err != nil {
		t.Fatal(err)
	}
	seed.RefreshToken = ""
	server := start(t, google.Options{Seed: &seed})
	if got := refresh(t, server, nil); got.text("error") != "invalid_grant" {
		t.Errorf("a token that is empty: %s", got.body)
	}
}
