package suitecrm_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/suitecrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// bench is a stand-in with a client.
type bench struct {
	*suitecrm.Server
	t      *testing.T
	client *http.Client
}

func start(t *testing.T, options suitecrm.Options) *bench {
	t.Helper()
	return &bench{Server: sandboxtest.Start(t, suitecrm.Start, options), t: t, client: sandboxtest.Client()}
}

type response = sandboxtest.Response

func (b *bench) send(method, address, body string, header ...string) response {
	b.t.Helper()
	return sandboxtest.Send(b.t, b.client, sandboxtest.Request(b.t, method, address, body, header...))
}

// get calls the V8 API.
func (b *bench) get(path, token string) response {
	b.t.Helper()
	header := []string{"Accept", "application/vnd.api+json"}
	if token != "" {
		header = append(header, "Authorization", "Bearer "+token)
	}
	return b.send(http.MethodGet, b.URL()+"/Api/V8"+path, "", header...)
}

// request returns the parameters of the service user's sign-in.
func (b *bench) request() url.Values {
	service, client := b.Service(), b.Client()
	return url.Values{
		"grant_type": {"password"}, "client_id": {client.ID}, "client_secret": {client.Secret},
		"username": {service.UserName}, "password": {service.Password},
	}
}

func (b *bench) post(form url.Values) response {
	b.t.Helper()
	return b.send(http.MethodPost, b.URL()+"/Api/access_token", form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// postJSON requests a token in the form of SuiteCRM's documentation.
func (b *bench) postJSON(form url.Values) response {
	b.t.Helper()
	values := map[string]string{}
	for name := range form {
		values[name] = form.Get(name)
	}
	body, err := json.Marshal(values)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.send(http.MethodPost, b.URL()+"/Api/access_token", string(body), "Content-Type", "application/vnd.api+json")
}

// token signs in as the service user.
func (b *bench) token() string {
	b.t.Helper()
	got := b.post(b.request())
	if got.Status != http.StatusOK {
		b.t.Fatalf("%d %s", got.Status, got.Body)
	}
	return got.Text("access_token")
}

func (b *bench) update(user string, change func(*suitecrm.User)) {
	b.t.Helper()
	if err := b.Update(user, change); err != nil {
		b.t.Fatal(err)
	}
}

// expectError checks an error response of the OAuth 2.0 server.
func (b *bench) expectError(what string, got response, status int, code, text string) {
	b.t.Helper()
	if got.Status != status || got.Text("error") != code || got.Text("message") != got.Text("error_description") ||
		!strings.Contains(got.Text("message")+got.Text("hint"), text) {
		b.t.Errorf("%s: %d %s, want %d %s", what, got.Status, got.Body, status, code)
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	b := start(t, suitecrm.Options{})
	service, client := b.Service(), b.Client()
	token := b.token()
	b.update("riva-sync", func(u *suitecrm.User) { u.Active = false })
	b.UpdateClient(func(c *suitecrm.Client) { c.Secret = "x" })
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
	if b.Service() != service || b.Client() != client || len(b.Pending()) != 0 || len(b.Requests()) != 0 ||
		len(b.Instance().Modules) != 8 || !b.IsUp() {
		t.Errorf("%+v %+v", b.Service(), b.Instance())
	}
	b.expectError("old token", b.get("/current-user", token), 401, "access_denied", "revoked")
	b.token()
}

func TestInvalidSeeds(t *testing.T) {
	t.Parallel()
	client := suitecrm.Client{ID: "1", Secret: "x"}
	for _, seed := range []suitecrm.Seed{
		{}, {Client: client}, {Users: []suitecrm.User{{UserName: "ada", ID: "1"}}},
		{Client: client, Users: []suitecrm.User{{UserName: "ada"}}}, {Client: client, Users: []suitecrm.User{{ID: "1"}}},
	} {
		if _, err := suitecrm.Start(suitecrm.Options{Seed: &seed}); err == nil {
			t.Errorf("%+v was accepted", seed)
		}
	}
}
