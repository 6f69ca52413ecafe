package sapc4c_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sapc4c"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

func TestControl(t *testing.T) {
	t.Parallel()
	b := start(t, sapc4c.Options{})
	p := sandboxtest.Control(t, b.Server)
	p.Expect("GET", "", "", 200, `"user_id": "_RIVASYNC"`)
	p.Expect("PATCH", "/users/ada", `{"locked":true,"email":"ada@example.org"}`, 200, `"email": "ada@example.org"`)
	p.Expect("PATCH", "/users/nobody", `{"locked":true}`, 404, "no such user")
	p.Expect("PATCH", "/users/ada", `{"lokced":true}`, 400, "unknown field")
	p.Expect("POST", "/fields", `{"name":"no name"}`, 400, "letters")
	p.Expect("POST", "/fields", `{"name":"RivaID_KUT"}`, 200, "users")
	p.Expect("POST", "/throttle", `{"wait_ms":90000,"times":1}`, 200, `"kind": "throttled"`)
	b.Clear()
	if got := b.get("$metadata"); !strings.Contains(got.Body, "RivaID_KUT") {
		t.Errorf("the metadata do not contain the new field: %s", got.Body)
	}
}

func TestChangedPasswordAndReset(t *testing.T) {
	t.Parallel()
	b := start(t, sapc4c.Options{})
	first := b.Service()
	changed, err := b.ChangeSecret()
	if err != nil || len(changed) != 1 || changed[0].Value != b.Service().Password {
		t.Fatalf("%d changed (%v)", len(changed), err)
	}
	if got := b.send(http.MethodGet, b.URL()+sapc4c.Path, first.UserID, first.Password); got.Status != http.StatusUnauthorized {
		t.Errorf("the old password: %d", got.Status)
	}
	state, err := json.Marshal(b.State())
	if err != nil || strings.Contains(string(state), b.Service().Password) {
		t.Error("the state contains the password")
	}
	b.AddField("RivaID_KUT")
	if err := errors.Join(b.Fail(sandbox.Page(), sandbox.UntilCleared), b.Down(), b.Reset()); err != nil {
		t.Fatal(err)
	}
	if b.Service() != first || len(b.Pending()) != 0 || len(b.Requests()) != 0 || !b.IsUp() {
		t.Errorf("%+v", b.Service())
	}
	if got := b.get("$metadata"); got.Status != http.StatusOK || strings.Contains(got.Body, "RivaID_KUT") {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	for _, users := range [][]sapc4c.User{nil, {{}}, {{UserID: "a:b"}}} {
		if _, err := sapc4c.Start(sapc4c.Options{Seed: &sapc4c.Seed{Users: users}}); err == nil {
			t.Errorf("%+v was accepted", users)
		}
	}
}
