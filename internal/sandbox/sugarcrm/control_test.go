package sugarcrm_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sugarcrm"
)

func TestControl(t *testing.T) {
	t.Parallel()
	b := start(t, sugarcrm.Options{})
	control, err := sandbox.StartControl("127.0.0.1:0", b.Server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := control.Close(); err != nil {
			t.Error(err)
		}
	})
	b.token("riva-sync")
	for _, tc := range []struct {
		method, path, body string
		status             int
		says               string
	}{
		{"GET", "", "", 200, `"user_name": "riva-sync"`},
		{"PATCH", "/users/ada", `{"locked":true,"email":"ada@example.org"}`, 200, `"email": "ada@example.org"`},
		{"PATCH", "/users/nobody", `{"locked":true}`, 404, "no such user"},
		{"PATCH", "/users/ada", `{"lokced":true}`, 400, "unknown field"},
		{"PATCH", "/instance", `{"platforms":["base"],"maintenance":true}`, 200, `"maintenance": true`},
		{"POST", "/modules", `{"name":"RIVA_Sync"}`, 200, "RIVA_Sync"},
		{"POST", "/modules", `{"name":"no name"}`, 400, "letters"},
		{"POST", "/expire", `{"user":"nobody"}`, 404, "no such user"},
		{"POST", "/expire", ``, 200, `"sessions": []`},
		{"POST", "/throttle", `{"wait_ms":90000,"times":1}`, 200, `"kind": "throttled"`},
	} {
		got := b.send(tc.method, control.URL()+"/sugarcrm"+tc.path, "", "application/json", []byte(tc.body))
		if got.status != tc.status || !strings.Contains(got.body, tc.says) {
			t.Errorf("%s %s %s: %d %s", tc.method, tc.path, tc.body, got.status, got.body)
		}
	}
}

func TestChangedPassword(t *testing.T) {
	t.Parallel()
	b := start(t, sugarcrm.Options{})
	old := b.request("riva-sync", "riva")
	token := b.token("riva-sync")
	changed, err := b.ChangeSecret()
	if err != nil || len(changed) != 1 || changed[0].Value != b.Service().Password {
		t.Fatalf("%v (%v)", len(changed), err)
	}
	b.refused("old password", b.call(http.MethodPost, "/oauth2/token", "", old), 401, "need_login", "")
	b.refused("old session", b.get("/me", token), 401, "invalid_grant", "")
	b.token("riva-sync")
	state, err := json.Marshal(b.State())
	if err != nil || strings.Contains(string(state), b.Service().Password) {
		t.Error("the state tells the password")
	}
}
