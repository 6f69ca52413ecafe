package sugarcrm_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sugarcrm"
)

// bench is a stand-in and a client for it.
type bench struct {
	*sugarcrm.Server
	t      *testing.T
	client *http.Client
}

func start(t *testing.T, options sugarcrm.Options) *bench {
	t.Helper()
	server, err := sugarcrm.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{DisableKeepAlives: true} // it may go down between two calls
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	return &bench{Server: server, t: t, client: client}
}

type answer struct {
	status int
	header http.Header
	body   string
}

// object is the answer's JSON.
func (a answer) object() map[string]any {
	var object map[string]any
	if json.Unmarshal([]byte(a.body), &object) != nil {
		return nil
	}
	return object
}

func (a answer) text(name string) string {
	text, _ := a.object()[name].(string)
	return text
}

// call calls the REST API; a body is sent as JSON.
func (b *bench) call(method, path, token string, body map[string]any) answer {
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

func (b *bench) send(method, url, token, kind string, body []byte) answer {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, url, bytes.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	if token != "" {
		req.Header.Set("OAuth-Token", token)
	}
	resp, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	read, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		b.t.Fatal(err)
	}
	return answer{status: resp.StatusCode, header: resp.Header, body: string(read)}
}

func (b *bench) get(path, token string) answer {
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

// request is what a sign-in of a user asks for.
func (b *bench) request(user, platform string) map[string]any {
	return map[string]any{
		"grant_type": "password", "client_id": "sugar", "client_secret": "", "username": user, "password": b.password(user),
		"platform": platform,
	}
}

// signIn is the answer to a sign-in that works.
func (b *bench) signIn(user, platform string) answer {
	b.t.Helper()
	got := b.call(http.MethodPost, "/oauth2/token", "", b.request(user, platform))
	if got.status != http.StatusOK {
		b.t.Fatalf("%d %s", got.status, got.body)
	}
	return got
}

func (b *bench) token(user string) string {
	b.t.Helper()
	return b.signIn(user, "riva").text("access_token")
}

func (b *bench) update(user string, change func(*sugarcrm.User)) {
	b.t.Helper()
	if err := b.Update(user, change); err != nil {
		b.t.Fatal(err)
	}
}

// refused wants an error of Sugar's.
func (b *bench) refused(what string, got answer, status int, label, says string) {
	b.t.Helper()
	if got.status != status || got.text("error") != label || !strings.Contains(got.text("error_message"), says) ||
		got.header.Get("Content-Type") != "application/json" {
		b.t.Errorf("%s: %d %s, want %d %s", what, got.status, got.body, status, label)
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

func TestSeedIsChecked(t *testing.T) {
	t.Parallel()
	for _, users := range [][]sugarcrm.User{nil, {{UserName: "ada"}}, {{ID: "1"}}} {
		if _, err := sugarcrm.Start(sugarcrm.Options{Seed: &sugarcrm.Seed{Users: users}}); err == nil {
			t.Errorf("%+v was taken", users)
		}
	}
}
