package sugarcrm_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sugarcrm"
)

func TestMe(t *testing.T) {
	t.Parallel()
	b := start(t, sugarcrm.Options{})
	b.update("ada", func(u *sugarcrm.User) { u.PasswordExpired, u.Mail = true, false })
	for user, kind := range map[string]string{"riva-sync": "admin", "ada": "user"} {
		me, _ := b.get("/me", b.token(user)).Object()["current_user"].(map[string]any)
		if me["user_name"] != user || me["type"] != kind || me["is_password_expired"] != (user == "ada") {
			t.Errorf("%s: %v", user, me)
		}
	}
	if got := b.get("/me", b.token("ada")).Body; !strings.Contains(got, `"Emails":{"access":"no"`) {
		t.Errorf("no list of what ada may not do: %s", got)
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	b := start(t, sugarcrm.Options{})
	token := b.token("riva-sync")
	for version, ok := range map[string]bool{
		"v10": true, "v11": true, "v11_1": true, "v11_26": true, "v9": false, "v10_1": false, "v11_27": false, "v12": false,
	} {
		got := b.send(http.MethodGet, b.URL()+"/rest/"+version+"/ping", token, "", nil)
		if ok != (got.Status == http.StatusOK) {
			t.Errorf("%s: %d %s", version, got.Status, got.Body)
		}
		if !ok {
			b.expectError(version, got, http.StatusMovedPermanently, "incorrect_version", "between 10 and 11.26")
			if got.Header.Get("Location") != "" {
				t.Errorf("%s leads to %s", version, got.Header.Get("Location"))
			}
		}
	}
	for _, path := range []string{"/rest/ping", "/index.php", "/rest/vx/ping"} {
		if got := b.send(http.MethodGet, b.URL()+path, token, "", nil); got.Status != 404 || !strings.Contains(got.Body, "<html") {
			t.Errorf("%s: %d %s", path, got.Status, got.Body)
		}
	}
}

func TestCallsRequireSession(t *testing.T) {
	t.Parallel()
	b := start(t, sugarcrm.Options{})
	b.expectError("no token", b.get("/ping", ""), 401, "need_login", "No valid authentication")
	b.expectError("unknown token", b.get("/ping", "x"), 401, "invalid_grant", "access token")
	b.expectError("no such call", b.get("/no/such/call", ""), 404, "no_method", "/no/such/call")
	token := b.token("riva-sync")
	if got := b.get("/ping", token); got.Body != `"pong"` {
		t.Errorf("%s", got.Body)
	}
	b.update("riva-sync", func(u *sugarcrm.User) { u.Active = false })
	b.expectError("inactive", b.get("/ping", token), 401, "invalid_grant", "")
}

// TestClosedInstance checks that a closed instance still returns the signed-in user. An expired license denies even
// administrators all other calls.
func TestClosedInstance(t *testing.T) {
	t.Parallel()
	b := start(t, sugarcrm.Options{})
	admin, user := b.token("riva-sync"), b.token("ada")
	b.UpdateInstance(func(i *sugarcrm.Instance) { i.Maintenance = true })
	b.expectError("user", b.get("/ping", user), 503, "maintenance", "")
	if got := b.get("/ping", admin); got.Status != http.StatusOK {
		t.Errorf("administrators are rejected during maintenance: %d", got.Status)
	}
	b.UpdateInstance(func(i *sugarcrm.Instance) { i.LicenseExpired = true })
	b.expectError("administrator", b.get("/Contacts", admin), 503, "admin_only", "")
	if got := b.get("/me", user); got.Status != http.StatusOK {
		t.Errorf("me: %d", got.Status)
	}
}

func TestUsersAreFound(t *testing.T) {
	t.Parallel()
	b := start(t, sugarcrm.Options{})
	token := b.token("riva-sync")
	find := func(address string) url.Values {
		return url.Values{"filter[0][email_addresses.email_address]": {address}, "fields": {"id,user_name,status"}}
	}
	for address, want := range map[string]int{
		"ADA@example.com": 1, "team@example.com": 2, "nobody@example.com": 0, "left@example.com": 1,
	} {
		got := b.get("/Users?"+find(address).Encode(), token)
		if records, _ := got.Object()["records"].([]any); len(records) != want || got.Object()["next_offset"] != -1.0 {
			t.Errorf("%s: %s", address, got.Body)
		}
	}
	got := b.get("/Users?"+find("left@example.com").Encode(), token)
	for text, there := range map[string]bool{`"status":"Inactive"`: true, `"user_name":"left"`: true, `"full_name"`: false} {
		if strings.Contains(got.Body, text) != there {
			t.Errorf("%s: %s", text, got.Body)
		}
	}
	filter := map[string]any{
		"filter": []any{map[string]any{"user_name": map[string]any{"$equals": "grace"}}}, "fields": "id", "max_num": 1,
	}
	if got := b.call(http.MethodPost, "/Users/filter", token, filter); !strings.Contains(got.Body, `"_module":"Users"`) {
		t.Errorf("%s", got.Body)
	}
	b.expectError("invalid filter", b.get("/Users?filter=x", token), 422, "invalid_parameter", "")
	filter["filter"] = "x"
	b.expectError("invalid filter", b.call(http.MethodPost, "/Users/filter", token, filter), 422, "invalid_parameter", "")
}

func TestRecords(t *testing.T) {
	t.Parallel()
	b := start(t, sugarcrm.Options{})
	admin, ada := b.token("riva-sync"), b.token("ada")
	got := b.get("/Meetings?max_num=1&fields=id", admin)
	if records, _ := got.Object()["records"].([]any); len(records) != 1 || got.Object()["next_offset"] != 1.0 {
		t.Errorf("%s", got.Body)
	}
	own := b.get("/Meetings", ada)
	records, _ := own.Object()["records"].([]any)
	if len(records) != 1 {
		t.Fatalf("%s", own.Body)
	}
	one, _ := records[0].(map[string]any)
	id, _ := one["id"].(string)
	if got := b.get("/Meetings/"+id, ada); got.Text("assigned_user_name") != "ada" {
		t.Errorf("%s", got.Body)
	}
	b.expectError("unknown", b.get("/Meetings/x", ada), 404, "not_found", "x")
	b.expectError("method", b.call(http.MethodPut, "/Meetings/"+id, ada, nil), 404, "no_method", "")
	b.update("ada", func(u *sugarcrm.User) { u.Calendar = false })
	b.expectError("role", b.get("/Meetings", ada), 403, "not_authorized", "Meetings")
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	b := start(t, sugarcrm.Options{})
	token := b.token("riva-sync")
	hashes := b.get("/metadata?type_filter=modules&only_hash=true", token)
	all := b.get("/metadata", token)
	for text, where := range map[string][2]bool{
		"fields": {false, true}, "server_info": {false, true}, "full_module_list": {false, true}, `"Leads":{"_hash":"`: {true, true},
	} {
		if strings.Contains(hashes.Body, text) != where[0] || strings.Contains(all.Body, text) != where[1] {
			t.Errorf("%s: in the hashes %s, in all %s", text, hashes.Body, all.Body)
		}
	}
	b.ChangeModule("Leads")
	if again := b.get("/metadata?type_filter=modules&only_hash=1", token); again.Body == hashes.Body {
		t.Error("a change of a module does not show")
	}
	if public := b.get("/metadata/public?type_filter=server_info", ""); !strings.Contains(public.Body, `"version":"25.1.0"`) {
		t.Errorf("%s", public.Body)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	b := start(t, sugarcrm.Options{})
	token := b.token("riva-sync")
	for name, tc := range map[string]struct {
		fault  sandbox.Fault
		status int
		text   string
	}{
		"label":           {sugarcrm.APIError("client_outdated"), 433, "out of date"},
		"words":           {sugarcrm.APIError("not_authorized").WithMessage("Access Denied"), 403, "Access Denied"},
		"status":          {sandbox.Fault{Kind: sugarcrm.KindAPIError, Code: "not_found", Status: 412}, 412, "not_found"},
		"wait":            {sugarcrm.Throttled(1500e6), 429, "Too Many"},
		"deep":            {sugarcrm.Deep(), 200, "[[[["},
		"echo":            {sugarcrm.Echo(), 500, token},
		"somebody else's": {sugarcrm.APIError("maintenance").ForAccount("ada"), 200, "pong"},
	} {
		b.Clear()
		if err := b.Fail(tc.fault, 1); err != nil {
			t.Fatal(err)
		}
		got := b.get("/ping", token)
		if got.Status != tc.status || !strings.Contains(got.Body, tc.text) {
			t.Errorf("%s: %d %.200s", name, got.Status, got.Body)
		}
		if name == "wait" && got.Header.Get("Retry-After") != "2" {
			t.Errorf("wait %q", got.Header.Get("Retry-After"))
		}
	}
	for _, wrong := range []sandbox.Fault{
		{Kind: "no_such_kind"}, {Kind: sugarcrm.KindAPIError}, {Kind: sugarcrm.KindAPIError, Code: "x", Status: 200},
	} {
		if err := b.Fail(wrong, 1); err == nil {
			t.Errorf("%+v was taken", wrong)
		}
	}
}
