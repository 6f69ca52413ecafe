package suitecrm_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/suitecrm"
)

func TestControl(t *testing.T) {
	t.Parallel()
	b := start(t, suitecrm.Options{})
	control, err := sandbox.StartControl("127.0.0.1:0", b.Server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := control.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, tc := range []struct {
		method, path, body string
		status             int
		says               string
	}{
		{"GET", "", "", 200, `"user_name": "riva-sync"`},
		{"PATCH", "/users/ada", `{"active":false,"email":"ada@example.org"}`, 200, `"email": "ada@example.org"`},
		{"PATCH", "/users/nobody", `{"active":true}`, 404, "no such user"},
		{"PATCH", "/users/ada", `{"lokced":true}`, 400, "unknown field"},
		{"PATCH", "/client", `{"grant":"client_credentials","run_as":"ada"}`, 200, `"run_as": "ada"`},
		{"PATCH", "/instance", `{"suite8":true}`, 200, `"suite8": true`},
		{"POST", "/change-password", ``, 200, `"sign_ins"`},
		{"POST", "/modules", `{"name":"RIVA_Sync"}`, 200, "RIVA_Sync"},
		{"POST", "/modules", `{"name":"no name"}`, 400, "letters"},
		{"POST", "/revoke", `{"user":"nobody"}`, 404, "no such user"},
		{"POST", "/throttle", `{"wait_ms":90000,"times":1}`, 200, `"kind": "throttled"`},
	} {
		got := b.send(tc.method, control.URL()+"/suitecrm"+tc.path, http.Header{}, []byte(tc.body))
		if got.status != tc.status || !strings.Contains(got.body, tc.says) {
			t.Errorf("%s %s %s: %d %s", tc.method, tc.path, tc.body, got.status, got.body)
		}
	}
}

func TestChangedPassword(t *testing.T) {
	t.Parallel()
	b := start(t, suitecrm.Options{})
	old, token := b.request(), b.token()
	changed, err := b.ChangeSecret()
	if err != nil || len(changed) != 1 || changed[0].Value != b.Service().Password {
		t.Fatalf("%v (%v)", len(changed), err)
	}
	b.refused("old password", b.post(old), 500, "unknown_error", "The password is invalid")
	b.refused("old token", b.get("/current-user", token), 401, "access_denied", "revoked")
	b.token()
	state, err := json.Marshal(b.State())
	if err != nil || strings.Contains(string(state), b.Service().Password) || strings.Contains(string(state), b.Client().Secret) {
		t.Error("the state tells a secret")
	}
}
