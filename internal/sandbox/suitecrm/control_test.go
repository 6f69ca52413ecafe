package suitecrm_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/suitecrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

func TestControl(t *testing.T) {
	t.Parallel()
	b := start(t, suitecrm.Options{})
	p := sandboxtest.Control(t, b.Server)
	p.Expect("GET", "", "", 200, `"user_name": "riva-sync"`)
	p.Expect("PATCH", "/users/ada", `{"active":false,"email":"ada@example.org"}`, 200, `"email": "ada@example.org"`)
	p.Expect("PATCH", "/users/nobody", `{"active":true}`, 404, "no such user")
	p.Expect("PATCH", "/users/ada", `{"lokced":true}`, 400, "unknown field")
	p.Expect("PATCH", "/client", `{"grant":"client_credentials","run_as":"ada"}`, 200, `"run_as": "ada"`)
	p.Expect("PATCH", "/instance", `{"suite8":true}`, 200, `"suite8": true`)
	p.Expect("POST", "/change-password", ``, 200, `"sign_ins"`)
	p.Expect("POST", "/modules", `{"name":"RIVA_Sync"}`, 200, "RIVA_Sync")
	p.Expect("POST", "/modules", `{"name":"no name"}`, 400, "letters")
	p.Expect("POST", "/revoke", `{"user":"nobody"}`, 404, "no such user")
	p.Expect("POST", "/throttle", `{"wait_ms":90000,"times":1}`, 200, `"kind": "throttled"`)
}

func TestChangedPassword(t *testing.T) {
	t.Parallel()
	b := start(t, suitecrm.Options{})
	old, token := b.request(), b.token()
	changed, err := b.ChangeSecret()
	if err != nil || len(changed) != 1 || changed[0].Value != b.Service().Password {
		t.Fatalf("%v (%v)", len(changed), err)
	}
	b.expectError("old password", b.post(old), 500, "unknown_error", "The password is invalid")
	b.expectError("old token", b.get("/current-user", token), 401, "access_denied", "revoked")
	b.token()
	state, err := json.Marshal(b.State())
	if err != nil || strings.Contains(string(state), b.Service().Password) || strings.Contains(string(state), b.Client().Secret) {
		t.Error("the state contains a secret")
	}
}
