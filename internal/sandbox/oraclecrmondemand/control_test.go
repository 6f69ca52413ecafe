package oraclecrmondemand_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	oracle "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oraclecrmondemand"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

func TestControl(t *testing.T) {
	t.Parallel()
	b := start(t, oracle.Options{})
	b.session()
	p := sandboxtest.Control(t, b.Server)
	p.Expect("GET", "", "", 200, `"EXAMPLE/riva-sync"`)
	p.Expect("PATCH", "/users/ada", `{"locked":true,"email":"ada@example.org"}`, 200, `"email": "ada@example.org"`)
	p.Expect("PATCH", "/users/nobody", `{"locked":true}`, 404, "no such user")
	p.Expect("PATCH", "/users/ada", `{"lokced":true}`, 400, "unknown field")
	p.Expect("PATCH", "/company", `{"session_limit":3,"exhausted":true}`, 200, `"session_limit": 3`)
	p.Expect("POST", "/expire", ``, 200, `"sessions": []`)
	p.Expect("POST", "/throttle", `{"wait_ms":90000,"times":1}`, 200, `"kind": "throttled"`)
}

func TestChangedPasswordAndReset(t *testing.T) {
	t.Parallel()
	b := start(t, oracle.Options{})
	first := b.Service()
	changed, err := b.ChangeSecret()
	if err != nil || len(changed) != 1 || changed[0].Value != b.Service().Password {
		t.Fatalf("%d changed (%v)", len(changed), err)
	}
	if got := b.login(first.SignInID(), first.Password, ""); got.Status != http.StatusForbidden {
		t.Errorf("the old password: %d", got.Status)
	}
	session := b.session()
	state, err := json.Marshal(b.State())
	if err != nil || strings.Contains(string(state), b.Service().Password) || strings.Contains(string(state), session) {
		t.Error("the state contains secrets")
	}
	if err := errors.Join(b.Fail(sandbox.Page(), sandbox.UntilCleared), b.Down(), b.Reset()); err != nil {
		t.Fatal(err)
	}
	if b.Service() != first || len(b.Pending()) != 0 || len(b.Requests()) != 0 || len(b.Sessions()) != 0 || !b.IsUp() {
		t.Errorf("%+v", b.Service())
	}
	b.session()
	for _, users := range [][]oracle.User{nil, {{Name: "x"}}, {{Company: "x"}}} {
		if _, err := oracle.Start(oracle.Options{Seed: &oracle.Seed{Users: users}}); err == nil {
			t.Errorf("%+v was accepted", users)
		}
	}
}
