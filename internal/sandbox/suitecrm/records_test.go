package suitecrm_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/suitecrm"
)

func TestCurrentUser(t *testing.T) {
	t.Parallel()
	b := start(t, suitecrm.Options{})
	got := b.get("/current-user", b.token())
	for _, text := range []string{
		`"type":"User"`, `"id":"` + b.Service().ID, `"user_name":"riva-sync"`, `"status":"Active"`, `"is_admin":"1"`,
	} {
		if !strings.Contains(got.Body, text) {
			t.Errorf("no %s in %s", text, got.Body)
		}
	}
	if got.Header.Get("Content-Type") != "application/vnd.api+json" {
		t.Errorf("%v", got.Header)
	}
}

func TestPaths(t *testing.T) {
	t.Parallel()
	b := start(t, suitecrm.Options{})
	for _, suite8 := range []bool{false, true} {
		b.UpdateInstance(func(i *suitecrm.Instance) { i.Suite8 = suite8 })
		for prefix, ok := range map[string]bool{"": !suite8, "/legacy": suite8} {
			got := b.send(http.MethodGet, b.URL()+prefix+"/Api/V8/current-user", "")
			if (got.Status == http.StatusUnauthorized) != ok || !ok && got.Status != http.StatusNotFound {
				t.Errorf("SuiteCRM 8 %t: %s returns %d", suite8, prefix, got.Status)
			}
		}
	}
	b.UpdateInstance(func(i *suitecrm.Instance) { i.Suite8 = false })
	token := b.token()
	for _, path := range []string{"/no-such-call", "/meta/no-such-call", "/module/Contacts/1/relationships/x", "/logout"} {
		if got := b.get(path, token); got.Status != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, got.Status, got.Body)
		}
	}
	if got := b.send(http.MethodGet, b.URL()+"/Api/access_token", ""); got.Status != http.StatusMethodNotAllowed {
		t.Errorf("GET access_token: %d", got.Status)
	}
}

// list returns the data of a response with records.
func list(t *testing.T, got response) []map[string]any {
	t.Helper()
	var document struct{ Data []map[string]any }
	if err := json.Unmarshal([]byte(got.Body), &document); err != nil || got.Status != http.StatusOK {
		t.Fatalf("%d %s (%v)", got.Status, got.Body, err)
	}
	return document.Data
}

func TestUsersAreFound(t *testing.T) {
	t.Parallel()
	b := start(t, suitecrm.Options{})
	b.update("grace", func(u *suitecrm.User) { u.FormerEmail = "was@example.com" })
	token := b.token()
	find := func(address, status string) string {
		return "/module/Users?" + url.Values{
			"filter[email1][eq]": {address}, "filter[status][eq]": {status}, "fields[Users]": {"user_name,status"},
			"page[size]": {"20"}, "page[number]": {"1"},
		}.Encode()
	}
	for address, want := range map[string]int{
		"ADA@example.com": 1, "team@example.com": 2, "nobody@example.com": 0, "left@example.com": 0, "was@example.com": 1,
	} {
		if got := list(t, b.get(find(address, "Active"), token)); len(got) != want {
			t.Errorf("%s: %v", address, got)
		}
	}
	if got := list(t, b.get(find("left@example.com", "Inactive"), token)); len(got) != 1 {
		t.Errorf("%v", got)
	}
	got := b.get(find("ada@example.com", "Active"), token)
	if strings.Contains(got.Body, "Active") || strings.Contains(got.Body, "first_name") {
		t.Errorf("fields that are hidden or were not requested: %s", got.Body)
	}
	if got := b.get(find("nobody@example.com", "Active"), token); !strings.Contains(got.Body, "there is no result") {
		t.Errorf("%s", got.Body)
	}
	b.UpdateInstance(func(i *suitecrm.Instance) { i.NoEmailFilter = true })
	const suffix = "}Database failure. Please refer to suitecrm.log for details."
	if got := b.get(find("ada@example.com", "Active"), token); got.Status != 400 || !strings.HasSuffix(got.Body, suffix) {
		t.Errorf("an old version: %d %s", got.Status, got.Body)
	}
}

func TestRecords(t *testing.T) {
	t.Parallel()
	b := start(t, suitecrm.Options{})
	token := b.token()
	page := b.get("/module/Contacts?page[size]=2&fields[Contacts]=name", token)
	got := list(t, page)
	if len(got) != 2 || !strings.Contains(page.Body, `"total-pages":4`) || strings.Contains(page.Body, "assigned_user_id") {
		t.Errorf("%s", page.Body)
	}
	id, _ := got[0]["id"].(string)
	if one := b.get("/module/Contacts/"+id, token); !strings.Contains(one.Body, `"type":"Contact"`) {
		t.Errorf("%s", one.Body)
	}
	if others := list(t, b.get("/module/Emails?filter[assigned_user_id][neq]="+b.Service().ID, token)); len(others) != 7 {
		t.Errorf("%v", others)
	}
	b.update("riva-sync", func(u *suitecrm.User) { u.Calendar = false })
	for path, detail := range map[string]string{
		"/module/Meetings":                     "[AccessDeniedException]",
		"/module/Meetings/1":                   "[AccessDeniedException]",
		"/module/NoSuch":                       "Module NoSuch does not exist",
		"/module/Contacts/1":                   "Contacts module with id 1 is not found",
		"/module/Contacts?filter[x][eq]=1":     "Filter field x in Contact module is not found",
		"/module/Contacts?filter[name][odd]=1": "Filter operator odd is invalid",
		"/module/Contacts?page[size]=0":        "page",
		"/meta/fields/NoSuch":                  "does not have access to this module",
	} {
		var document struct {
			Errors struct {
				Status int
				Detail string
			}
		}
		got := b.get(path, token)
		if json.Unmarshal([]byte(got.Body), &document) != nil || got.Status != 400 || document.Errors.Status != 400 ||
			!strings.Contains(document.Errors.Detail, detail) {
			t.Errorf("%s: %d %s", path, got.Status, got.Body)
		}
	}
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	b := start(t, suitecrm.Options{})
	token := b.token()
	got := b.get("/meta/modules", token)
	if !strings.Contains(got.Body, `"Leads":{"access":["access"`) || strings.Contains(got.Body, "RIVA") {
		t.Errorf("%s", got.Body)
	}
	b.AddModule("RIVA_Sync")
	if got := b.get("/meta/modules", token); !strings.Contains(got.Body, `"RIVA_Sync"`) {
		t.Errorf("%s", got.Body)
	}
	if got := b.get("/meta/fields/Leads", token); !strings.Contains(got.Body, `"dbType":"varchar"`) {
		t.Errorf("%s", got.Body)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	b := start(t, suitecrm.Options{})
	token := b.token()
	for name, tc := range map[string]struct {
		fault  sandbox.Fault
		status int
		text   string
	}{
		"denied":  {suitecrm.Denied("because"), 401, `"hint":"because"`},
		"error":   {suitecrm.APIError("because"), 400, `"detail":"because"`},
		"keys":    {suitecrm.NoKeys(), 500, `"message":"Slim Application Error"`},
		"wait":    {suitecrm.Throttled(1500e6), 429, "Too Many"},
		"deep":    {suitecrm.Deep(), 200, "[[[["},
		"echo":    {suitecrm.Echo(), 500, token},
		"sign-in": {suitecrm.TokenError(400, "invalid_grant", "x"), 200, "riva-sync"},
	} {
		b.Clear()
		if err := b.Fail(tc.fault, 1); err != nil {
			t.Fatal(err)
		}
		got := b.get("/current-user", token)
		if got.Status != tc.status || !strings.Contains(got.Body, tc.text) {
			t.Errorf("%s: %d %.200s", name, got.Status, got.Body)
		}
		if name == "wait" && got.Header.Get("Retry-After") != "2" {
			t.Errorf("wait %q", got.Header.Get("Retry-After"))
		}
	}
	b.Clear()
	if err := b.Fail(suitecrm.NoKeys(), 1); err != nil {
		t.Fatal(err)
	}
	if got := b.post(b.request()); got.Status != 500 || !strings.Contains(got.Body, "<title>Slim Application Error") {
		t.Errorf("keys: %d %s", got.Status, got.Body)
	}
	for _, wrong := range []sandbox.Fault{
		{Kind: "no_such_kind"}, {Kind: suitecrm.KindTokenError}, {Kind: suitecrm.KindAPIError},
		{Kind: suitecrm.KindDenied, Status: 200},
	} {
		if err := b.Fail(wrong, 1); err == nil {
			t.Errorf("%+v was taken", wrong)
		}
	}
}
