package listing_test

import (
	"fmt"
	"net/http"
	"reflect"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestListFilters(t *testing.T) {
	t.Parallel()
	env := acctest.New(t).Made()
	p := env.Protocol()
	if nothing := p.ListNames("riva_connection", nil, 100); len(nothing) != 0 {
		t.Fatalf("an empty control plane lists %v", nothing)
	}
	both := env.CreatePair(p)
	other := p.Create("riva_sync_policy", values{"name": "Other", "interval": "1h", "enabled": false})
	p.Create("riva_user", values{"email": "ada@example.com", "display_name": "Ada", "sync_policy_id": other.State["id"]})
	p.Create("riva_user", values{"email": "grace@example.com", "enabled": false})
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
		{"riva_sync_policy", nil, 100, []string{"Both", "Other"}},
		{"riva_sync_policy", values{"name": "other"}, 100, []string{"Other"}},
		{"riva_sync_policy", values{"connection_id": both.State["crm_connection_id"]}, 100, []string{"Both"}},
		{"riva_user", nil, 100, []string{"Ada (ada@example.com)", "grace@example.com"}},
		{"riva_user", values{"email": "GRACE@example.com"}, 100, []string{"grace@example.com"}},
		{"riva_user", values{"enabled": true}, 100, []string{"Ada (ada@example.com)"}},
		{"riva_user", values{"enabled": false}, 100, []string{"grace@example.com"}},
		{"riva_user", values{"sync_policy_id": other.State["id"]}, 100, []string{"Ada (ada@example.com)"}},
		{"riva_user", values{"sync_policy_id": both.State["id"]}, 100, []string{}},
	} {
		if got := p.ListNames(c.resourceType, c.config, c.limit); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s, %v, at most %d: %v, want %v", c.resourceType, c.config, c.limit, got, c.want)
		}
	}
}

func TestListRejectsInvalidFilters(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol()
	for filter, resourceType := range map[string]string{
		"kind": "riva_connection", "system": "riva_connection", "status": "riva_connection", "email": "riva_user",
		"sync_policy_id": "riva_user",
	} {
		_, diagnostics := p.List(resourceType, values{filter: "nonsense"}, false, 100)
		acctest.ExpectError(t, diagnostics, filter)
	}
}

// A query lists the attributes that an import would have, so that a generated configuration has nothing to change.
func TestListedValuesAreThoseOfAnImport(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol()
	env.CreatePair(p)
	p.Create("riva_user", values{"email": "ada@example.com"})
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
	env := acctest.New(t)
	for i := range api.MaxPage + 2 {
		if _, err := env.Client().CreateUser(t.Context(), api.CreateUser{Email: fmt.Sprintf("u%d@example.com", i)}); err != nil {
			t.Fatal(err)
		}
	}
	calls := 0
	env.Serve(func(resp *http.Response) error {
		if resp.Request.URL.Path == "/v1/users" {
			calls++
		}
		return nil
	})
	p := env.Protocol()
	for limit, want := range map[int64]struct{ users, calls int }{
		3: {3, 1}, api.MaxPage: {api.MaxPage, 1}, api.MaxPage + 1: {api.MaxPage + 1, 2}, 5000: {api.MaxPage + 2, 2},
	} {
		calls = 0
		if got := len(p.ListNames("riva_user", nil, limit)); got != want.users || calls != want.calls {
			t.Errorf("at most %d: %d users in %d calls, want %d in %d", limit, got, calls, want.users, want.calls)
		}
	}
}

// An error on a later page comes after the objects before it, and is not lost.
func TestListErrorIsLastResult(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	for i := range 3 {
		if _, err := env.Client().CreateUser(t.Context(), api.CreateUser{Email: fmt.Sprintf("u%d@example.com", i)}); err != nil {
			t.Fatal(err)
		}
	}
	env.Serve(func(resp *http.Response) error {
		if resp.Request.URL.Query().Get("cursor") != "" {
			return acctest.ReplaceResponse(resp, http.StatusForbidden, "application/problem+json", api.Problem{
				Type: api.ProblemTypePrefix + api.ProblemScope, Title: "Insufficient scope", Status: http.StatusForbidden,
			})
		}
		return shortPages(resp)
	})
	listed, diagnostics := env.Protocol().List("riva_user", nil, true, 100)
	if len(diagnostics) != 0 || len(listed) != 3 {
		t.Fatalf("%d results, want two users and an error (%v)", len(listed), diagnostics)
	}
	acctest.ExpectError(t, listed[2].Diagnostics, "Not Allowed by the Control Plane", "Could not list the users")
}

// shortPages returns two users in a page, with a cursor for more.
func shortPages(resp *http.Response) error {
	if resp.Request.URL.Path != "/v1/users" {
		return nil
	}
	var page api.List[api.User]
	if err := acctest.DecodeResponse(resp, &page); err != nil {
		return err
	}
	page.Items, page.Next = page.Items[:2], "more"
	return acctest.ReplaceResponse(resp, http.StatusOK, "application/json", page)
}
