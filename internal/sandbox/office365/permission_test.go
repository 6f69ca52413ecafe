package office365_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/office365"
)

func TestRejectedGraphTokens(t *testing.T) {
	t.Parallel()
	b := start(t)
	expired := b.appToken(graph)
	b.Entra.ExpireTokens()
	valid := b.appToken(graph)
	other := start(t)
	for name, test := range map[string]struct{ token, text string }{
		"none": {"", "empty"}, "nonsense": {"nonsense", "not well formed"}, "changed": {valid[:len(valid)-8] + "AAAAAAAA", "Signature"},
		"unsigned":         {strings.Join(append(strings.Split(valid, ".")[:2], ""), "."), "Signature"},
		"for Exchange":     {b.appToken(outlook), "audience"},
		"expired":          {expired, "expired"},
		"of another start": {other.appToken(graph), "expired"},
	} {
		r := b.get(test.token, "/users/"+ada)
		if r.Status != http.StatusUnauthorized || r.code() != "InvalidAuthenticationToken" || !strings.Contains(r.Body, test.text) ||
			r.Header.Get("Www-Authenticate") == "" {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
}

func TestGraphPermissions(t *testing.T) {
	t.Parallel()
	b := start(t)
	if r := b.get(b.appToken(graph), "/me"); r.Status != http.StatusBadRequest || !strings.Contains(r.Body, "delegated") {
		t.Errorf("/me of an app: %d %s", r.Status, r.Body)
	}
	b.grant(func(c *entra.Consent) {
		c.Roles, c.Scopes = []string{"Mail.Read"}, []string{"User.ReadBasic.All", "Mail.Read"}
	})
	app, user := b.appToken(graph), b.userToken(service, graph)
	for path, want := range map[string][2]string{
		"/users/" + ada:                    {"Authorization_RequestDenied", ""},
		"/users":                           {"Authorization_RequestDenied", ""},
		"/organization":                    {"Authorization_RequestDenied", "Authorization_RequestDenied"},
		"/users/" + ada + "/messages":      {"", "ErrorAccessDenied"},
		"/users/" + ada + "/contacts":      {"ErrorAccessDenied", "ErrorAccessDenied"},
		"/users/" + ada + "/events":        {"ErrorAccessDenied", "ErrorAccessDenied"},
		"/users/nobody@x.org/messages":     {"ErrorInvalidUser", "ErrorAccessDenied"},
		"/users/" + service + "/messages":  {"", ""},
		"/users/" + ada + "/mailFolders/x": {"ErrorItemNotFound", "ErrorAccessDenied"},
		"/users/" + ada + "/drive":         {"BadRequest", "BadRequest"},
	} {
		for i, token := range []string{app, user} {
			if r := b.get(token, path); r.code() != want[i] {
				t.Errorf("%s: %d %s, want %q", path, r.Status, r.Body, want[i])
			}
		}
	}
	if r := b.get(user, "/users/"+ada+"?$select=id,accountEnabled"); r.value["id"] == nil || r.value["accountEnabled"] != nil {
		t.Errorf("a basic profile: %s", r.Body)
	}
	r := b.do(http.MethodDelete, b.GraphURL()+"/v1.0/users/"+ada, "", http.Header{"Authorization": {"Bearer " + app}})
	if r.Status != http.StatusMethodNotAllowed {
		t.Errorf("DELETE: %d", r.Status)
	}
}

func TestGraphMailboxAccess(t *testing.T) {
	t.Parallel()
	b := start(t)
	app, user := b.appToken(graph), b.userToken(service, graph)
	path := "/users/" + ada + "/messages"
	must(t, b.UpdateMailbox(ada, func(m *office365.Mailbox) { m.Blocked = true }))
	if r := b.get(app, path); r.code() != "ErrorAccessDenied" || !strings.Contains(r.Body, "RAOP") {
		t.Errorf("a policy: %s", r.Body)
	}
	if r := b.get(user, path); r.Status != http.StatusOK {
		t.Errorf("a policy is for apps: %s", r.Body)
	}
	must(t, b.Mailboxes.Update(service, func(a *ews.Account) { a.FullAccess = false }))
	if r := b.get(user, path); r.code() != "ErrorItemNotFound" {
		t.Errorf("no access: %s", r.Body)
	}
	must(t, b.Mailboxes.Update(ada, func(a *ews.Account) { a.Mailbox = false }))
	if r := b.get(app, path); r.code() != "MailboxNotEnabledForRESTAPI" {
		t.Errorf("no mailbox: %s", r.Body)
	}
	must(t, b.Reset())
	if r := b.get(b.appToken(graph), path); r.Status != http.StatusOK {
		t.Errorf("after a reset: %s", r.Body)
	}
}

func TestScriptedFaults(t *testing.T) {
	t.Parallel()
	b := start(t)
	token := b.appToken(graph)
	for _, test := range []struct {
		fault  sandbox.Fault
		status int
		text   string
	}{
		{office365.GraphError("ErrorAccessDenied"), 403, "ErrorAccessDenied"},
		{office365.Throttled(1500), 429, "ApplicationThrottled"},
		{office365.InnerError("ErrorInvalidUser"), 404, `"code":"ErrorInvalidUser"`},
		{office365.ClaimsChallenge(), 401, "InvalidAuthenticationToken"},
		{ews.Deep(), 200, "[[["},
		{sandbox.Maintenance().ForOperation("user"), 503, "Service Unavailable"},
	} {
		must(t, b.Fail(test.fault, 1))
		if r := b.get(token, "/users/"+ada); r.Status != test.status || !strings.Contains(r.Body, test.text) {
			t.Errorf("%s: %d %.200s", test.fault.Kind, r.Status, r.Body)
		}
	}
	for _, fault := range []sandbox.Fault{
		office365.GraphError(""), office365.GraphError("a b"), {Kind: office365.KindGraphError, Code: "x", Status: 200},
		{Kind: "nonsense"}, entra.Error(1),
	} {
		if b.Fail(fault, 1) == nil {
			t.Errorf("%+v was accepted", fault)
		}
	}
}
