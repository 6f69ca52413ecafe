package hclnotes_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/hclnotes"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// bench is a stand-in with a client.
type bench struct {
	*testing.T
	*hclnotes.Server

	client *http.Client
}

func start(t *testing.T, options hclnotes.Options) bench {
	t.Helper()
	return bench{t, sandboxtest.Start(t, hclnotes.Start, options), sandboxtest.Client()}
}

type response = sandboxtest.Response

func (b bench) send(req *http.Request) response {
	b.Helper()
	return sandboxtest.Send(b.T, b.client, req)
}

func (b bench) request(method, address, body string) *http.Request {
	b.Helper()
	return sandboxtest.Request(b.T, method, address, body)
}

// get reads a path as the service account, with Basic.
func (b bench) get(path string) response {
	b.Helper()
	req := b.request(http.MethodGet, b.URL()+path, "")
	req.SetBasicAuth(b.Service().Name, b.Service().Password)
	return b.send(req)
}

// login submits the login form.
func (b bench) login(name, password, redirect string) response {
	b.Helper()
	form := url.Values{"Username": {name}, "Password": {password}, "RedirectTo": {redirect}}
	req := b.request(http.MethodPost, b.URL()+"/names.nsf?Login", form.Encode())
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(req)
}

func (b bench) expect(what string, got response, status int, text string) {
	b.Helper()
	if got.Status != status || !strings.Contains(got.Body, text) {
		b.Errorf("%s: %d %s, want %d with %q", what, got.Status, got.Body, status, text)
	}
}

func TestBasic(t *testing.T) {
	t.Parallel()
	b := start(t, hclnotes.Options{LockAfter: 2})
	anonymous := b.send(b.request(http.MethodGet, b.URL()+"/api/calendar", ""))
	b.expect("no credentials", anonymous, 401, "not authorized")
	if got := anonymous.Header.Get("WWW-Authenticate"); got != `Basic realm="/"` || b.SignIns().Attempts != 0 {
		t.Errorf("challenge %q, %+v", got, b.SignIns())
	}
	for _, name := range []string{"Riva Sync/Example", "cn=riva sync/o=example", "Riva Sync", "rivasync", "rivasync@example.com"} {
		req := b.request(http.MethodGet, b.URL()+"/api/calendar", "")
		req.SetBasicAuth(name, b.Service().Password)
		b.expect(name, b.send(req), 200, `"distinguishedName":"Riva Sync/Example"`)
	}
	for range 2 {
		req := b.request(http.MethodGet, b.URL()+"/api/calendar", "")
		req.SetBasicAuth("rivasync", "wrong")
		b.expect("wrong password", b.send(req), 401, "Error 401")
	}
	b.expect("locked out", b.get("/api/calendar"), 401, "Error 401")
	if !b.Service().LockedOut || b.SignIns().Rejected != 3 {
		t.Errorf("%+v", b.SignIns())
	}
}

func TestSessions(t *testing.T) {
	t.Parallel()
	for cookie, singleSignOn := range map[string]bool{"DomAuthSessId": false, "LtpaToken": true} {
		b := start(t, hclnotes.Options{})
		b.UpdateSetup(func(s *hclnotes.Setup) { s.Session, s.SingleSignOn = true, singleSignOn })
		b.expect("Basic", b.get("/api/calendar"), 200, `name="Username"`)
		if b.SignIns().Attempts != 0 {
			t.Error("Basic credentials were checked")
		}
		b.expect("wrong password", b.login("rivasync", "wrong", "/x"), 200, "invalid username or password")
		in := b.login("rivasync", b.Service().Password, "/api/calendar")
		name, value, _ := strings.Cut(strings.Split(in.Header.Get("Set-Cookie"), ";")[0], "=")
		if in.Status != 302 || in.Header.Get("Location") != "/api/calendar" || name != cookie || value == "" {
			t.Errorf("%d %v", in.Status, in.Header)
		}
		if got := b.login("rivasync", b.Service().Password, "//evil.example.com/"); got.Header.Get("Location") != "/" {
			t.Errorf("redirected to %s", got.Header.Get("Location"))
		}
		with := func(path string) response {
			req := b.request(http.MethodGet, b.URL()+path, "")
			req.AddCookie(&http.Cookie{Name: name, Value: value})
			return b.send(req)
		}
		b.expect("signed in", with("/api/calendar"), 200, "Riva Sync/Example")
		if err := b.Update("ada", func(p *hclnotes.Person) { p.Access = nil }); err != nil {
			t.Fatal(err)
		}
		b.expect("no access", with("/mail/ada.nsf/api/mail/inbox"), 200, "not authorized")
		b.expect("logged out", with("/names.nsf?logout"), 200, "logged out")
		b.expect("after the logout", with("/api/calendar"), 200, `name="Password"`)
	}
}

func TestServices(t *testing.T) {
	t.Parallel()
	b := start(t, hclnotes.Options{})
	for path, want := range map[string]struct {
		status int
		text   string
	}{
		"/api":                                                     {200, `"enabled":true`},
		"/api/calendar":                                            {200, `"href":"/mail/rivasync.nsf/api/calendar/events"`},
		"/api/calendar?owner=ada%40example.com":                    {200, `"email":"ada@example.com"`},
		"/api/calendar?owner=gra":                                  {200, "Grace Hopper/Example"}, // names are completed
		"/api/calendar?owner=nobody":                               {400, "Name not found."},
		"/api/calendar?owner=left":                                 {500, "Cannot build service resource address."},
		"/api/mail":                                                {400, "must include a database"},
		"/api/nothing":                                             {404, `"code":404`},
		"/mail/ada.nsf/api/calendar/events?count=1":                {200, `"summary":"Planning"`},
		"/mail/ada.nsf/api/calendar/events?count=0":                {400, "Invalid count"},
		"/mail/alan.nsf/api/calendar/events":                       {200, ""},
		"/mail/ada.nsf/api/mail/inbox":                             {200, `"subject":"Welcome"`},
		"/mail/ada.nsf/api/mail/access":                            {200, `"edit":true`},
		"/mail/ada.nsf/api/mail/nothing":                           {404, `"code":404`},
		"/mail/nobody.nsf/api/mail/inbox":                          {404, "Couldn't find design note"},
		"/mail/ada.nsf/Contacts?ReadViewEntries":                   {200, "<table>"},
		"/mail/ada.nsf/Contacts?readviewentries&outputformat=json": {200, `"Lovelace, Ada"`},
		"/mail/ada.nsf/Nothing?ReadViewEntries":                    {404, "design note"},
		"/names.nsf/Nothing?ReadViewEntries":                       {404, "design note"},
		"/names.nsf/($Users)?OpenView":                             {200, "<table>"},
		"/nothing":                                                 {404, "Error 404"},
	} {
		b.expect(path, b.get(path), want.status, want.text)
	}
	b.expect("a post", b.send(b.request(http.MethodPost, b.URL()+"/mail/ada.nsf", "")), 405, "not allowed")
}

func TestEntriesFromKey(t *testing.T) {
	t.Parallel()
	b := start(t, hclnotes.Options{})
	got := b.get("/names.nsf/($Users)?ReadViewEntries&OutputFormat=JSON&Count=2&StartKey=TEAM%40example.com")
	var view struct {
		Entries []struct {
			ID      string `json:"@unid"`
			Columns []struct {
				Text map[string]string `json:"text"`
			} `json:"entrydata"`
		} `json:"viewentry"`
	}
	if err := json.Unmarshal([]byte(got.Body), &view); err != nil || len(view.Entries) != 2 {
		t.Fatalf("%s (%v)", got.Body, err)
	}
	for _, e := range view.Entries {
		if e.Columns[0].Text["0"] != "team@example.com" {
			t.Errorf("%+v", e)
		}
	}
	if view.Entries[0].ID == view.Entries[1].ID {
		t.Error("two persons have the same document")
	}
	if got := b.get("/names.nsf/($Users)?ReadViewEntries&OutputFormat=JSON&StartKey=zzz"); strings.Contains(got.Body, "viewentry") {
		t.Errorf("entries after the last key: %s", got.Body)
	}
}

func TestDisabledServices(t *testing.T) {
	t.Parallel()
	b := start(t, hclnotes.Options{})
	b.UpdateSetup(func(s *hclnotes.Setup) { s.Services = nil })
	b.expect("disabled", b.send(b.request(http.MethodGet, b.URL()+"/api/calendar", "")), 403, `"text":"Forbidden"`)
	b.expect("disabled for a mail file", b.get("/mail/ada.nsf/api/mail/inbox"), 403, "Forbidden")
	b.UpdateSetup(func(s *hclnotes.Setup) { s.AccessServices = false })
	b.expect("not installed", b.get("/api"), 404, "Error 404")
	b.UpdateSetup(func(s *hclnotes.Setup) { s.Directory = "Depositor" })
	b.expect("directory", b.get("/names.nsf/($Users)?ReadViewEntries"), 401, "Error 401")
	if err := b.Reset(); err != nil {
		t.Fatal(err)
	}
	b.expect("after a reset", b.get("/api/calendar"), 200, "Riva Sync/Example")
}

func TestInvalidFaultsAreRejected(t *testing.T) {
	t.Parallel()
	b := start(t, hclnotes.Options{})
	for _, fault := range []sandbox.Fault{{Kind: "nonsense"}, hclnotes.ServiceError(200, "")} {
		if err := b.Server.Fail(fault, 1); err == nil {
			t.Errorf("%+v was accepted", fault)
		}
	}
}

func TestInvalidSeeds(t *testing.T) {
	t.Parallel()
	for _, seed := range []hclnotes.Seed{{}, {People: []hclnotes.Person{{Name: "A/Example"}}}} {
		if server, err := hclnotes.Start(hclnotes.Options{Seed: &seed}); err == nil {
			_ = server.Close()
			t.Errorf("%+v was accepted", seed)
		}
	}
}

func TestControl(t *testing.T) {
	t.Parallel()
	b := start(t, hclnotes.Options{})
	p := sandboxtest.Control(t, b.Server)
	p.Expect("GET", "", "", 200, `"name": "Riva Sync/Example"`)
	p.Expect("PATCH", "/people/ada", `{"locked_out":true,"email":"ada@example.org"}`, 200, `"email": "ada@example.org"`)
	p.Expect("PATCH", "/people/ada", `{"access":{"Riva Sync/Example":"Reader"}}`, 200, `"Riva Sync/Example": "Reader"`)
	p.Expect("PATCH", "/people/ada", `{"access":{"Riva Sync/Example":"Owner"}}`, 400, "Manager")
	p.Expect("PATCH", "/people/nobody", `{"locked_out":true}`, 404, "no such person")
	p.Expect("PATCH", "/people/ada", `{"lokced_out":true}`, 400, "unknown field")
	p.Expect("PATCH", "/setup", `{"session":true,"services":["Calendar"]}`, 200, `"session": true`)
	p.Expect("PATCH", "/setup", `{"sesion":true}`, 400, "unknown field")
	p.Expect("POST", "/restart", ``, 200, `"sessions": 0`)
}

func TestChangedPassword(t *testing.T) {
	t.Parallel()
	b := start(t, hclnotes.Options{})
	old := b.request(http.MethodGet, b.URL()+"/api/calendar", "")
	old.SetBasicAuth("rivasync", b.Service().Password)
	changed, err := b.ChangeSecret()
	if err != nil || len(changed) != 1 || changed[0].Value != b.Service().Password {
		t.Fatalf("%d variables (%v)", len(changed), err)
	}
	b.expect("old password", b.send(old), 401, "Error 401")
	b.expect("new password", b.get("/api/calendar"), 200, "Riva Sync/Example")
	state, err := json.Marshal(b.State())
	if err != nil || strings.Contains(string(state), b.Service().Password) {
		t.Error("the state contains the password")
	}
}
