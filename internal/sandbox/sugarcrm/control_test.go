package sugarcrm_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sugarcrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

func TestControl(t *testing.T) {
	t.Parallel()
	b := start(t, sugarcrm.Options{})
	b.token("riva-sync")
	p := sandboxtest.Control(t, b.Server)
	p.Expect("GET", "", "", 200, `"user_name": "riva-sync"`)
	p.Expect("PATCH", "/users/ada", `{"locked":true,"email":"ada@example.org"}`, 200, `"email": "ada@example.org"`)
	p.Expect("PATCH", "/users/nobody", `{"locked":true}`, 404, "no such user")
	p.Expect("PATCH", "/users/ada", `{"lokced":true}`, 400, "unknown field")
	p.Expect("PATCH", "/instance", `{"platforms":["base"],"maintenance":true}`, 200, `"maintenance": true`)
	p.Expect("POST", "/modules", `{"name":"RIVA_Sync"}`, 200, "RIVA_Sync")
	p.Expect("POST", "/modules", `{"name":"no name"}`, 400, "letters")
	p.Expect("POST", "/expire", `{"user":"nobody"}`, 404, "no such user")
	p.Expect("POST", "/expire", ``, 200, `"sessions": []`)
	p.Expect("POST", "/throttle", `{"wait_ms":90000,"times":1}`, 200, `"kind": "throttled"`)
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
	b.expectError("old password", b.call(http.MethodPost, "/oauth2/token", "", old), 401, "need_login", "")
	b.expectError("old session", b.get("/me", token), 401, "invalid_grant", "")
	b.token("riva-sync")
	state, err := json.Marshal(b.State())
	if err != nil || strings.Contains(string(state), b.Service().Password) {
		t.Error("the state contains the password")
	}
}
