package plane_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/plane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/server"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// The link is only in responses about one connection, for clients that may change it, and such responses are not cached.
func TestLinkIsForClientsThatWrite(t *testing.T) {
	t.Parallel()
	p := plane.New(plane.Options{
		Store: openStore(t), Systems: catalog.All(), PublicURL: "https://riva.example.com",
		Authenticate: func(r *http.Request) (server.Client, error) {
			return server.Client{Name: "c", Scopes: []api.Scope{api.Scope(r.Header.Get("Authorization"))}}, nil
		},
	})
	defer closePlane(t, p)
	call := func(scope api.Scope, method, path, body string) (*httptest.ResponseRecorder, api.Connection) {
		w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
		r.Header.Set("Authorization", string(scope))
		r.Header.Set("Content-Type", "application/json")
		p.Handler().ServeHTTP(w, r)
		var c api.Connection
		_ = json.Unmarshal(w.Body.Bytes(), &c)
		return w, c
	}
	w, created := call(api.ScopeWrite, http.MethodPost, "/v1/connections",
		`{"name":"crm","system":"salesforce","settings":{"username":"svc@example.com","client_id":"3MVG9"}}`)
	link := string(created.AuthorizationURL)
	if w.Code != http.StatusCreated || !strings.HasPrefix(link, "https://riva.example.com"+pages.LinkPath) ||
		w.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("created: %d %v %s", w.Code, w.Header(), w.Body)
	}
	path := "/v1/connections/" + created.ID
	if w, found := call(api.ScopeRead, http.MethodGet, path, ""); w.Code != http.StatusOK || found.AuthorizationURL != "" ||
		found.AuthorizationID != created.AuthorizationID || found.AuthorizationExpiresAt == nil {
		t.Errorf("with the scope read: %d %s", w.Code, w.Body)
	}
	if w, _ := call(api.ScopeAdmin, http.MethodGet, "/v1/connections", ""); strings.Contains(w.Body.String(), pages.LinkPath) {
		t.Errorf("a list has a link: %s", w.Body)
	}
	if _, found := call(api.ScopeAdmin, http.MethodGet, path, ""); string(found.AuthorizationURL) != link {
		t.Errorf("with the scope admin: %q", string(found.AuthorizationURL))
	}
	if w, _ := call(api.ScopeWrite, http.MethodDelete, path+"/revalidations/"+created.AuthorizationID, ""); w.Code !=
		http.StatusNoContent {
		t.Errorf("canceled: %d %s", w.Code, w.Body)
	}
	if _, found := call(api.ScopeAdmin, http.MethodGet, path, ""); found.AuthorizationURL != "" || found.AuthorizationID != "" {
		t.Errorf("after the cancellation: %+v", found)
	}
}

// A scope that is withheld, and a canceled sign-in, have pages of their own, and store nothing.
func TestPersonWithholdsOrCancels(t *testing.T) {
	t.Parallel()
	r := startReplicas(t, storetest.SQLite(t), catalog.All())
	all := standIns(t, r.address+pages.CallbackPath)
	const calendar = "https://www.googleapis.com/auth/calendar.readonly"
	for name, c := range map[string]struct {
		choices person.Choices
		text    string
	}{
		"google":    {person.Choices{Withhold: []string{calendar}}, calendar},
		"office365": {person.Choices{Cancel: true}, "canceled"},
	} {
		s := all[name]
		s.create.Name = name
		created, err := r.client.CreateConnection(t.Context(), s.create)
		if err != nil {
			t.Fatal(err)
		}
		page := r.signIn(t, string(created.AuthorizationURL), s.username, s.password, c.choices)
		found, err := r.client.Connection(t.Context(), created.ID)
		if err != nil || page.Status != http.StatusUnprocessableEntity || !strings.Contains(page.Text, c.text) ||
			found.Status != api.StatusBlank || found.Revision != 1 {
			t.Errorf("%s: %d %s, %+v, %v", name, page.Status, page.Text, found, err)
		}
	}
}
