package dynamics365_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/dynamics365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

const ada = "ada@example.com"

// bench is a stand-in with a client.
type bench struct {
	*dynamics365.Server

	t *testing.T
}

func start(t *testing.T) *bench {
	t.Helper()
	return &bench{sandboxtest.Start(t, dynamics365.Start, dynamics365.Options{}), t}
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// token returns a token of the application user, requested with x/oauth2.
func (b *bench) token() string {
	b.t.Helper()
	app := b.Entra().App()
	config := &clientcredentials.Config{
		ClientID: app.ClientID, ClientSecret: app.Secrets[0].Value, Scopes: []string{b.URL() + "/.default"},
		TokenURL: b.URLOf(entra.Site) + "/example.com/oauth2/v2.0/token", AuthStyle: oauth2.AuthStyleInParams,
	}
	token, err := config.Token(b.t.Context())
	b.must(err)
	return token.AccessToken
}

// reply is a response of the Web API.
type reply struct {
	status int
	header http.Header
	text   string

	UserID         string `json:"UserId"`
	OrganizationID string `json:"OrganizationId"`
	Version        string `json:"Version"`
	Value          []map[string]any
	Count          int    `json:"@odata.count"`
	Name           string `json:"name"`
	Error          struct{ Code, Message string }
}

// get calls the Web API with a token and other headers, which are names and values in turn.
func (b *bench) get(token, path string, headers ...string) reply {
	b.t.Helper()
	req := sandboxtest.Request(b.t, http.MethodGet, b.URL()+"/api/data/v9.2/"+path, "", headers...)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	response := sandboxtest.Send(b.t, sandboxtest.Client(), req)
	r := reply{status: response.Status, header: response.Header, text: response.Body}
	if strings.HasPrefix(r.header.Get("Content-Type"), "application/json") {
		b.must(json.Unmarshal([]byte(r.text), &r))
	}
	return r
}

func TestChallenge(t *testing.T) {
	t.Parallel()
	b := start(t)
	want := "Bearer authorization_uri=" + b.URLOf(entra.Site) + "/" + entra.TenantID + "/oauth2/authorize, " +
		"resource_id=" + b.URL() + "/"
	for token, suffix := range map[string]string{"": "", "nonsense": ", error=invalid_token"} {
		got := b.get(token, "WhoAmI")
		if got.status != http.StatusUnauthorized || got.header.Get("WWW-Authenticate") != want+suffix || got.text != "" {
			t.Errorf("%q: %d %q %q", token, got.status, got.header.Get("WWW-Authenticate"), got.text)
		}
	}
	b.UpdateOrganization(func(o *dynamics365.Organization) { o.Resource = "https://renamed.example.com" })
	got := b.get(b.token(), "WhoAmI")
	if got.status != http.StatusUnauthorized || !strings.Contains(got.header.Get("WWW-Authenticate"), "renamed.example.com/") {
		t.Errorf("for another address: %d %v", got.status, got.header)
	}
}

func TestFunctions(t *testing.T) {
	t.Parallel()
	b := start(t)
	token := b.token()
	if got := b.get(token, "WhoAmI"); got.UserID != b.Service().ID || got.OrganizationID != b.Organization().ID {
		t.Errorf("got %+v", got)
	}
	got := b.get(token, "RetrieveVersion()")
	if got.Version != b.Organization().Version || got.header.Get("OData-Version") != "4.0" {
		t.Errorf("got %+v", got)
	}
	if got := b.get(token, "organizations("+b.Organization().ID+")?$select=name"); got.Name != "Example" {
		t.Errorf("got %+v", got)
	}
	if got := b.get(token, ""); len(got.Value) != 6 {
		t.Errorf("got %+v", got)
	}
	before := len(b.get(token, "EntityDefinitions?$select=LogicalName").Value)
	b.AddTable("cr1_project")
	if got := b.get(token, "EntityDefinitions?$select=LogicalName").Value; len(got) != before+1 || len(got[0]) != 2 {
		t.Errorf("got %v", got)
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	b := start(t)
	token := b.token()
	b.must(b.Update("alan@example.com", func(u *dynamics365.User) { u.FullName = "Alan O'Turing" }))
	object, err := b.User(ada)
	b.must(err)
	for filter, want := range map[string]int{
		"internalemailaddress eq 'ADA@example.com'":                                   1,
		"internalemailaddress eq 'team@example.com'":                                  2,
		"internalemailaddress eq 'left@example.com' and isdisabled eq false":          0,
		"internalemailaddress eq 'left@example.com' and isdisabled eq true":           1,
		"fullname eq 'Alan O''Turing'":                                                1,
		"fullname eq 'nobody'' or isdisabled eq false or fullname eq ''x'":            0,
		"(fullname eq 'Ada Lovelace' or fullname eq 'Grace Hopper') and true eq true": -1,
		"fullname eq 'Ada Lovelace' or fullname eq 'Grace Hopper'":                    2,
		"not (isdisabled eq false)":                                                   1,
		"applicationid ne null":                                                       1,
		"azureactivedirectoryobjectid eq " + object.ObjectID:                          1,
		"contains(fullname,'team')":                                                   2,
		"startswith(domainname,'team.') and endswith(domainname,'example.com')":       2,
		"fullname eq 'x":        -1,
		"fullname like 'x'":     -1,
		"(fullname eq 'x'":      -1,
		"nickname eq 'x'":       -1,
		"fullname eq 'x' and":   -1,
		"fullname eq 'x' extra": -1,
	} {
		got := b.get(token, "systemusers?$select=systemuserid&$count=true&$filter="+url.QueryEscape(filter))
		switch {
		case want < 0:
			if got.status != http.StatusBadRequest || got.Error.Code != "0x80060888" {
				t.Errorf("%s: %d %s", filter, got.status, got.text)
			}
		case got.status != http.StatusOK || len(got.Value) != want || got.Count != want:
			t.Errorf("%s: %d rows, want %d: %s", filter, len(got.Value), want, got.text)
		}
	}
	if got := b.get(token, "systemusers?$select=fullname&$top=2"); len(got.Value) != 2 || len(got.Value[0]) != 3 {
		t.Errorf("got %v", got.Value)
	}
	if got := b.get(token, "systemusers?$select=nickname"); got.status != http.StatusBadRequest {
		t.Errorf("got %+v", got)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	b := start(t)
	token := b.token()
	b.must(b.Fail(dynamics365.RequestLimit(89500*time.Millisecond), 1))
	if got := b.get(token, "WhoAmI"); got.status != 429 || got.Error.Code != "0x80072322" || got.header.Get("Retry-After") != "90" {
		t.Errorf("got %+v", got)
	}
	b.must(b.Fail(dynamics365.Error("0x80040220").ForAccount("riva@example.com"), 1))
	if got := b.get(token, "RetrieveVersion"); got.status != 403 || got.Error.Code != "0x80040220" {
		t.Errorf("got %+v", got)
	}
	for _, wrong := range []sandbox.Fault{
		dynamics365.Error("nonsense"), {Kind: "unknown"}, {Kind: dynamics365.KindError, Code: "0x80040220", Status: 200},
		entra.ErrorCode("No!"), {Kind: entra.KindError, Code: "7000215", Account: ada},
	} {
		if err := b.Fail(wrong, 1); err == nil {
			t.Errorf("%+v is accepted", wrong)
		}
	}
	if got := b.get(token, "nonsense"); got.status != http.StatusNotFound || got.Error.Code != "0x80060888" {
		t.Errorf("got %+v", got)
	}
}
