package office365_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/office365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

const (
	service = "riva-sync@example.com"
	ada     = "ada@example.com"
	graph   = "https://graph.microsoft.com/.default"
	outlook = "https://outlook.office365.com/.default"
)

// bench is a stand-in with a client.
type bench struct {
	*office365.Server

	t      *testing.T
	client *http.Client
}

func start(t *testing.T) *bench {
	t.Helper()
	return &bench{sandboxtest.Start(t, office365.Start, office365.Options{}), t, sandboxtest.Client()}
}

// reply is a response with the JSON of its body.
type reply struct {
	sandboxtest.Response
	value map[string]any
}

func (r reply) code() string {
	body, _ := r.value["error"].(map[string]any)
	code, _ := body["code"].(string)
	return code
}

func (r reply) list() []map[string]any {
	var list []map[string]any
	values, _ := r.value["value"].([]any)
	for _, v := range values {
		if element, ok := v.(map[string]any); ok {
			list = append(list, element)
		}
	}
	return list
}

func (b *bench) do(method, address, body string, header http.Header) reply {
	b.t.Helper()
	request := sandboxtest.Request(b.t, method, address, body)
	request.Header = header
	response := sandboxtest.Send(b.t, b.client, request)
	return reply{Response: response, value: response.Object()}
}

// get reads a path of Graph.
func (b *bench) get(token, path string) reply {
	b.t.Helper()
	header := http.Header{"Authorization": {"Bearer " + token}, "Consistencylevel": {"eventual"}}
	return b.do(http.MethodGet, b.GraphURL()+"/v1.0"+path, "", header)
}

// id returns the id of the object at a path of Graph.
func (b *bench) id(token, path string) string {
	b.t.Helper()
	id, _ := b.get(token, path).value["id"].(string)
	if id == "" {
		b.t.Fatalf("%s has no id", path)
	}
	return id
}

// requestToken requests a token with a form.
func (b *bench) requestToken(form url.Values) string {
	b.t.Helper()
	app := b.Entra.App()
	form.Set("client_id", app.ClientID)
	form.Set("client_secret", app.Secrets[0].Value)
	r := b.do(http.MethodPost, b.AuthorityURL()+"/"+app.TenantID+"/oauth2/v2.0/token", form.Encode(),
		http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
	token, _ := r.value["access_token"].(string)
	if token == "" {
		b.t.Fatalf("no token: %d %s", r.Status, r.Body)
	}
	return token
}

// appToken returns a token of the app itself.
func (b *bench) appToken(scope string) string {
	b.t.Helper()
	return b.requestToken(url.Values{"grant_type": {"client_credentials"}, "scope": {scope}})
}

// userToken returns a token of a user.
func (b *bench) userToken(name, scope string) string {
	b.t.Helper()
	refresh, err := b.Approve(name)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.requestToken(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}, "scope": {scope}})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// grant changes the permissions of the app.
func (b *bench) grant(change func(*entra.Consent)) {
	b.t.Helper()
	must(b.t, b.Entra.UpdateApp(func(a *entra.App) {
		for api, consent := range a.Consents {
			change(&consent)
			a.Consents[api] = consent
		}
	}))
}

func TestGraphReads(t *testing.T) {
	t.Parallel()
	b := start(t)
	token := b.appToken(graph)
	id := b.id(token, "/users/"+ada)
	user := "/users/" + ada
	for path, wants := range map[string]string{
		"/users": "Ada Lovelace", "/users/" + id: "ada@example.com", "/users('" + ada + "')": "Ada",
		"/organization": "Example", "/organization?$select=id,displayName": "displayName",
		user + "/mailFolders": "Inbox", user + "/mailFolders/inbox": "Inbox", user + "/mailFolders('Inbox')/messages": "Welcome",
		user + "/messages": "Re: Welcome", user + "/messages?$top=1&$select=subject": "subject",
		user + "/calendar": "isDefaultCalendar", user + "/calendars": "isDefaultCalendar", user + "/calendar/events": "Weekly review",
		user + "/events": "Customer call", user + "/contacts": "Babbage",
		user + "/mailboxSettings/userPurpose": `"user"`,
	} {
		if r := b.get(token, path); r.Status != http.StatusOK || !strings.Contains(r.Body, wants) {
			t.Errorf("%s: %d %s", path, r.Status, r.Body)
		}
	}
	element := b.id(token, user+"/mailFolders/inbox")
	if r := b.get(token, user+"/mailFolders/"+element); r.Status != http.StatusOK || r.value["id"] != element {
		t.Errorf("a folder by its id: %d %s", r.Status, r.Body)
	}
	if r := b.get(b.userToken(service, graph), "/me?$select=id,mail"); r.value["mail"] != service || r.value["displayName"] != nil {
		t.Errorf("/me: %d %s", r.Status, r.Body)
	}
	if r := b.get(b.userToken(service, graph), "/me/mailFolders/inbox"); r.Status != http.StatusOK {
		t.Errorf("/me/mailFolders/inbox: %d %s", r.Status, r.Body)
	}
}

func TestResponsesHaveRequestIDs(t *testing.T) {
	t.Parallel()
	b := start(t)
	for _, path := range []string{"/users/" + ada, "/users/nobody@example.com"} {
		r := b.do(http.MethodGet, b.GraphURL()+"/v1.0"+path, "", http.Header{
			"Authorization": {"Bearer " + b.appToken(graph)}, "Client-Request-Id": {"c1"},
		})
		if r.Header.Get("Request-Id") == "" || r.Header.Get("Client-Request-Id") != "c1" {
			t.Errorf("%s: got %v", path, r.Header)
		}
		if inner := strings.Contains(r.Body, `"request-id":"`+r.Header.Get("Request-Id")); inner != (r.Status != http.StatusOK) {
			t.Errorf("%s: got %s", path, r.Body)
		}
	}
}

func TestGraphQueryParameters(t *testing.T) {
	t.Parallel()
	b := start(t)
	token := b.appToken(graph)
	filter := func(text string) string { return "/users?$count=true&$filter=" + url.QueryEscape(text) }
	for path, names := range map[string][]string{
		filter("mail eq 'ADA@example.com'"):                                                {"ada"},
		filter("proxyAddresses/any(p:p eq 'smtp:team@example.com')"):                       {"team.one", "team.two"},
		filter("mail eq 'x' or proxyAddresses/any(x:x eq 'SMTP:ada@example.com')"):         {"ada"},
		filter("startswith(displayName,'G')"):                                              {"grace"},
		filter("endsWith(mail,'x')") + "&x=y":                                              nil,
		filter("endswith(userPrincipalName,'one@example.com') and accountEnabled eq true"): {"team.one"},
		filter("accountEnabled eq false"):                                                  {"left", "reception"},
		filter("displayName eq 'x or y'"):                                                  {},
		filter("nonsense"):                                                                 nil,
		filter("nonsense eq 'x'"):                                                          nil,
		"/users?$top=1":                                                                    {"riva-sync"},
		"/users?$orderby=displayName&$top=2":                                               {"ada", "alan"},
		"/users?$select=nonsense":                                                          nil,
		"/users?$top=x":                                                                    nil,
		"/users?$expand=manager":                                                           nil,
	} {
		r := b.get(token, path)
		if (r.Status == http.StatusOK) != (names != nil) || names == nil && r.code() != "BadRequest" {
			t.Errorf("%s: %d %s", path, r.Status, r.Body)
			continue
		}
		if names == nil {
			continue
		}
		var got []string
		for _, u := range r.list() {
			principal, _ := u["userPrincipalName"].(string)
			name, _, _ := strings.Cut(principal, "@")
			got = append(got, name)
		}
		if strings.Join(got, " ") != strings.Join(names, " ") {
			t.Errorf("%s: got %v, want %v", path, got, names)
		}
	}
}

// TestPages follows the links of a list to its end.
func TestPages(t *testing.T) {
	t.Parallel()
	b := start(t)
	token, seen := b.appToken(graph), 0
	for next := b.GraphURL() + "/v1.0/users?$top=4"; next != ""; {
		r := b.do(http.MethodGet, next, "", http.Header{"Authorization": {"Bearer " + token}})
		seen += len(r.list())
		next, _ = r.value["@odata.nextLink"].(string)
	}
	if want := 8; seen != want {
		t.Errorf("%d users were listed, want %d", seen, want)
	}
}
