package sugarcrm_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sugarcrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// bench is a stand-in with a client.
type bench struct {
	*sugarcrm.Server
	t      *testing.T
	client *http.Client
}

func start(t *testing.T, options sugarcrm.Options) *bench {
	t.Helper()
	return &bench{Server: sandboxtest.Start(t, sugarcrm.Start, options), t: t, client: sandboxtest.Client()}
}

type response = sandboxtest.Response

// call calls the REST API. A body is sent as JSON.
func (b *bench) call(method, path, token string, body map[string]any) response {
	b.t.Helper()
	var content []byte
	if body != nil {
		var err error
		if content, err = json.Marshal(body); err != nil {
			b.t.Fatal(err)
		}
	}
	return b.send(method, b.URL()+"/rest/v11"+path, token, "application/json", content)
}

func (b *bench) send(method, address, token, kind string, body []byte) response {
	b.t.Helper()
	req := sandboxtest.Request(b.t, method, address, string(body), "Content-Type", kind)
	if token != "" {
		req.Header.Set("OAuth-Token", token)
	}
	return sandboxtest.Send(b.t, b.client, req)
}

func (b *bench) get(path, token string) response {
	b.t.Helper()
	return b.call(http.MethodGet, path, token, nil)
}

func (b *bench) password(user string) string {
	for _, u := range b.Users() {
		if u.UserName == user {
			return u.Password
		}
	}
	return ""
}

// request returns the parameters of a user's sign-in.
func (b *bench) request(user, platform string) map[string]any {
	return map[string]any{
		"grant_type": "password", "client_id": "sugar", "client_secret": "", "username": user, "password": b.password(user),
		"platform": platform,
	}
}

// signIn returns the response to a successful sign-in.
func (b *bench) signIn(user, platform string) response {
	b.t.Helper()
	got := b.call(http.MethodPost, "/oauth2/token", "", b.request(user, platform))
	if got.Status != http.StatusOK {
		b.t.Fatalf("%d %s", got.Status, got.Body)
	}
	return got
}

func (b *bench) token(user string) string {
	b.t.Helper()
	return b.signIn(user, "riva").Text("access_token")
}

func (b *bench) update(user string, change func(*sugarcrm.User)) {
	b.t.Helper()
	if err := b.Update(user, change); err != nil {
		b.t.Fatal(err)
	}
}

// expectError checks an error response of Sugar.
func (b *bench) expectError(what string, got response, status int, label, text string) {
	b.t.Helper()
	if got.Status != status || got.Text("error") != label || !strings.Contains(got.Text("error_message"), text) ||
		got.Header.Get("Content-Type") != "application/json" {
		b.t.Errorf("%s: %d %s, want %d %s", what, got.Status, got.Body, status, label)
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	b := start(t, sugarcrm.Options{})
	service := b.Service()
	b.token("riva-sync")
	b.update("riva-sync", func(u *sugarcrm.User) { u.Locked = true })
	b.AddModule("RIVA_Sync")
	if err := b.Fail(sandbox.Page(), sandbox.UntilCleared); err != nil {
		t.Fatal(err)
	}
	if err := b.Down(); err != nil {
		t.Fatal(err)
	}
	if err := b.Reset(); err != nil {
		t.Fatal(err)
	}
	if b.Service() != service || len(b.Sessions()) != 0 || len(b.Pending()) != 0 || len(b.Requests()) != 0 ||
		len(b.Instance().Modules) != 9 || !b.IsUp() {
		t.Errorf("%+v %+v", b.Service(), b.Instance())
	}
	b.token("riva-sync")
}

func TestInvalidSeeds(t *testing.T) {
	t.Parallel()
	for _, users := range [][]sugarcrm.User{nil, {{UserName: "ada"}}, {{ID: "1"}}} {
		if _, err := sugarcrm.Start(sugarcrm.Options{Seed: &sugarcrm.Seed{Users: users}}); err == nil {
			t.Errorf("%+v was accepted", users)
		}
	}
}
