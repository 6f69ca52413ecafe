package provider_test

import (
	"fmt"
	"net/http"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// names are what a query lists, which must work.
func names(t *testing.T, p *acctest.Protocol, resourceType string, config values, limit int64) []string {
	t.Helper()
	listed, diagnostics := p.List(resourceType, config, false, limit)
	p.Must(diagnostics)
	found := []string{}
	for _, l := range listed {
		p.Must(l.Diagnostics)
		if l.Resource != nil {
			t.Errorf("%s has values that nobody asked for: %v", l.Name, l.Resource)
		}
		found = append(found, l.Name)
	}
	return found
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	p := w.Protocol()
	if nothing := names(t, p, "riva_connection", nil, 100); len(nothing) != 0 {
		t.Fatalf("an empty control plane lists %v", nothing)
	}
	both := createPair(t, w, p)
	create(t, p, "riva_sync_policy", values{"name": "Nobody", "interval": "1h", "enabled": false})
	create(t, p, "riva_user", values{"email": "ada@example.com", "display_name": "Ada"})
	create(t, p, "riva_user", values{"email": "grace@example.com", "enabled": false})
	for _, c := range []struct {
		resourceType string
		config       values
		limit        int64
		want         []string
	}{
		{"riva_connection", nil, 100, []string{"Salesforce", "Exchange"}},
		{"riva_connection", nil, 1, []string{"Salesforce"}},
		{"riva_connection", nil, 0, []string{"Salesforce", "Exchange"}},
		{"riva_connection", values{"kind": "email"}, 100, []string{"Exchange"}},
		{"riva_connection", values{"system": "salesforce"}, 100, []string{"Salesforce"}},
		{"riva_connection", values{"status": "failing"}, 100, []string{}},
		{"riva_connection", values{"status": "working", "name": "EXCHANGE"}, 100, []string{"Exchange"}},
		{"riva_sync_policy", nil, 100, []string{"Both", "Nobody"}},
		{"riva_sync_policy", values{"name": "nobody"}, 100, []string{"Nobody"}},
		{"riva_sync_policy", values{"connection_id": both.State["crm_connection_id"]}, 100, []string{"Both"}},
		{"riva_user", nil, 100, []string{"Ada (ada@example.com)", "grace@example.com"}},
		{"riva_user", values{"email": "GRACE@example.com"}, 100, []string{"grace@example.com"}},
		{"riva_user", values{"enabled": true}, 100, []string{"Ada (ada@example.com)"}},
		{"riva_user", values{"enabled": false}, 100, []string{"grace@example.com"}},
	} {
		if got := names(t, p, c.resourceType, c.config, c.limit); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s, %v, at most %d: %v, want %v", c.resourceType, c.config, c.limit, got, c.want)
		}
	}
}

func TestListRejectsInvalidFilters(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol()
	for filter, resourceType := range map[string]string{
		"kind": "riva_connection", "system": "riva_connection", "status": "riva_connection", "email": "riva_user",
	} {
		_, diagnostics := p.List(resourceType, values{filter: "nonsense"}, false, 100)
		expectError(t, diagnostics, filter)
	}
}

// What a query says of an object is what an import would: a generated configuration has nothing to change.
func TestListedValuesAreThoseOfAnImport(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	p := w.Protocol()
	createPair(t, w, p)
	create(t, p, "riva_user", values{"email": "ada@example.com"})
	for resourceType, want := range map[string]int{"riva_connection": 2, "riva_sync_policy": 1, "riva_user": 1} {
		listed, diagnostics := p.List(resourceType, nil, true, 100)
		p.Must(diagnostics)
		if len(listed) != want {
			t.Errorf("%s: %d are listed, want %d", resourceType, len(listed), want)
		}
		for _, l := range listed {
			p.Must(l.Diagnostics)
			imported, diagnostics := p.Import(resourceType, "", l.Identity)
			p.Must(diagnostics)
			if !reflect.DeepEqual(l.Resource, imported.State) || !reflect.DeepEqual(l.Identity, imported.Identity) {
				t.Errorf("%s is listed as\n%v, and imported as\n%v", l.Name, l.Resource, imported.State)
			}
		}
	}
}

func TestListReadsOnlyNeededPages(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	for i := range api.MaxPage + 2 {
		if _, err := w.Client().CreateUser(t.Context(), api.CreateUser{Email: fmt.Sprintf("u%d@example.com", i)}); err != nil {
			t.Fatal(err)
		}
	}
	calls := 0
	w.Serve(func(resp *http.Response) error {
		if resp.Request.URL.Path == "/v1/users" {
			calls++
		}
		return nil
	})
	p := w.Protocol()
	for limit, want := range map[int64]struct{ users, calls int }{
		3: {3, 1}, api.MaxPage: {api.MaxPage, 1}, api.MaxPage + 1: {api.MaxPage + 1, 2}, 5000: {api.MaxPage + 2, 2},
	} {
		calls = 0
		if got := len(names(t, p, "riva_user", nil, limit)); got != want.users || calls != want.calls {
			t.Errorf("at most %d: %d users in %d calls, want %d in %d", limit, got, calls, want.users, want.calls)
		}
	}
}

// An error on a later page comes after what was there, and is not lost.
func TestListErrorIsLastResult(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	for i := range 3 {
		if _, err := w.Client().CreateUser(t.Context(), api.CreateUser{Email: fmt.Sprintf("u%d@example.com", i)}); err != nil {
			t.Fatal(err)
		}
	}
	w.Serve(func(resp *http.Response) error {
		if resp.Request.URL.Query().Get("cursor") != "" {
			return replaceResponse(resp, http.StatusForbidden, "application/problem+json", api.Problem{
				Type: api.ProblemTypePrefix + api.ProblemScope, Title: "Insufficient scope", Status: http.StatusForbidden,
			})
		}
		return shortPages(resp)
	})
	listed, diagnostics := w.Protocol().List("riva_user", nil, true, 100)
	if len(diagnostics) != 0 || len(listed) != 3 {
		t.Fatalf("%d results, want two users and an error (%v)", len(listed), diagnostics)
	}
	expectError(t, listed[2].Diagnostics, "Not Allowed by the Control Plane", "Could not list the users")
}

// shortPages answers with two users a page, as if there were more.
func shortPages(resp *http.Response) error {
	if resp.Request.URL.Path != "/v1/users" {
		return nil
	}
	var page api.List[api.User]
	if err := decode(resp, &page); err != nil {
		return err
	}
	page.Items, page.Next = page.Items[:2], "more"
	return replaceResponse(resp, http.StatusOK, "application/json", page)
}

// A connection of a newer control plane must not hide the others.
func TestListSkipsUnknownSystems(t *testing.T) {
	t.Parallel()
	w := newGrantsWorld(t)
	if _, err := w.Client().CreateConnection(t.Context(), api.CreateConnection{
		Name: "Desk", System: "desk", Settings: map[string]string{"region": "eu"},
		Credentials: map[string]string{"api_key": "right"},
	}); err != nil {
		t.Fatal(err)
	}
	createOutside(t, w)
	w.Systems = catalog.All()
	p := w.Protocol()
	listed, diagnostics := p.List("riva_connection", nil, true, 100)
	p.Must(diagnostics)
	if len(listed) != 2 || listed[1].Name != "Exchange" || listed[0].Identity != nil {
		t.Fatalf("listed %+v, want a warning and Exchange", listed)
	}
	text := diagnosticText(listed[0].Diagnostics, tfprotov6.DiagnosticSeverityWarning)
	if !matchText("Too Old", "Desk", `"desk"`).MatchString(text) {
		t.Errorf("the warning is %q", text)
	}
	if got := names(t, p, "riva_connection", nil, 100); !reflect.DeepEqual(got, []string{"Desk", "Exchange"}) {
		t.Errorf("without values %v are listed", got)
	}
}
