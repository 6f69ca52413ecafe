package salesforce_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

func TestIdentityOfUser(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	token, service := b.token(), b.Service()
	for _, site := range []string{b.LoginURL(), b.MyDomainURL()} {
		got := b.get(site+"/services/oauth2/userinfo", token).Object()
		for name, want := range map[string]any{
			"user_id": service.ID, "organization_id": b.Organization().ID, "preferred_username": "riva-sync@example.com",
			"email": service.Email, "name": "Riva Service User", "active": true, "user_type": "STANDARD",
			"sub": b.LoginURL() + "/id/" + b.Organization().ID + "/" + service.ID,
		} {
			if got[name] != want {
				t.Errorf("userinfo: %s is %v, want %v", name, got[name], want)
			}
		}
	}
	id := b.LoginURL() + "/id/" + b.Organization().ID + "/" + service.ID
	for name, got := range map[string]reply{
		"header":         b.get(id+"?format=json", token),
		"query":          b.do(http.MethodGet, id+"?format=json&oauth_token="+token, ""),
		"15 characters":  b.get(b.LoginURL()+"/id/"+b.Organization().ID[:15]+"/"+service.ID[:15], token),
		"the older name": b.do(http.MethodGet, id, "", "Authorization", "OAuth "+token),
		"the other site": b.get(b.MyDomainURL()+"/id/"+b.Organization().ID+"/"+service.ID, token),
	} {
		if got.Status != http.StatusOK || got.Text("username") != "riva-sync@example.com" || got.Text("id") != id ||
			!strings.Contains(got.Body, "/services/data/v{version}/sobjects/") {
			t.Errorf("identity URL, %s: %d %s", name, got.Status, got.Body)
		}
	}
	if query := b.Requests()[len(b.Requests())-1].Query; query != "" && !strings.Contains(query, "format") {
		t.Errorf("recorded query %q", query)
	}
}

func TestIdentityErrors(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	token, service := b.token(), b.Service()
	id := func(organization, user string) string { return b.LoginURL() + "/id/" + organization + "/" + user }
	userInfo := b.LoginURL() + "/services/oauth2/userinfo"
	for name, tc := range map[string]struct {
		got    reply
		status int
		word   string
	}{
		"no token":         {b.do(http.MethodGet, userInfo, ""), 403, "Missing_OAuth_Token"},
		"another scheme":   {b.do(http.MethodGet, userInfo, "", "Authorization", "Basic eDp5"), 403, "Missing_OAuth_Token"},
		"unknown token":    {b.get(userInfo, "00D!x"), 403, "Bad_OAuth_Token"},
		"id, no token":     {b.do(http.MethodGet, id(service.OrganizationID, service.ID), ""), 403, "Missing_OAuth_Token"},
		"id, another org":  {b.get(id("00D000000000000", service.ID), token), 403, "Wrong_Org"},
		"id, no such user": {b.get(id(service.OrganizationID, "005000000000000"), token), 404, "Bad_Id"},
		"id, empty path":   {b.get(b.LoginURL()+"/id/", token), 403, "Wrong_Org"},
	} {
		if tc.got.Status != tc.status || tc.got.Body != tc.word {
			t.Errorf("%s: %d %s", name, tc.got.Status, tc.got.Body)
		}
	}
	b.fail(salesforce.IdentityError("Bad_OAuth_Token"), 1)
	if got := b.get(userInfo, token); got.Status != http.StatusForbidden || got.Body != "Bad_OAuth_Token" {
		t.Errorf("scripted: %d %s", got.Status, got.Body)
	}
	b.updateApp(func(a *salesforce.App) { a.Scopes = []string{"api"} })
	if got := b.get(userInfo, b.token()); got.Status != http.StatusForbidden {
		t.Errorf("without a scope for it: %d %s", got.Status, got.Body)
	}
}

func TestOtherUserSignsIn(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	b.updateApp(func(a *salesforce.App) { a.RunAs = "somebody@example.com" })
	if got := b.get(b.LoginURL()+"/services/oauth2/userinfo", b.token()); got.Text("preferred_username") != "somebody@example.com" {
		t.Errorf("another user: %s", got.Body)
	}
	b.updateApp(func(a *salesforce.App) { a.RunAs = "riva-sync@example.org" })
	if got := b.get(b.LoginURL()+"/services/oauth2/userinfo", b.token()); got.Text("organization_id") == b.Organization().ID {
		t.Errorf("another organization: %s", got.Body)
	}
	b.updateApp(func(a *salesforce.App) { a.RunAs = "riva-sync@example.com" })
	token := b.token()
	b.must(b.UpdateOrganization(b.Organization().ID[:15], func(o *salesforce.Organization) { o.ID = "00D000000000099EAA" }))
	if got := b.get(b.LoginURL()+"/services/oauth2/userinfo", token); got.Text("organization_id") != "00D000000000099EAA" {
		t.Errorf("the organization's new id: %s", got.Body)
	}
}
