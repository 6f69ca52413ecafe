package serve_test

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/serve"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// balancer is a proxy that ends TLS, and sends each request to the replica that the test has chosen.
type balancer struct {
	*httptest.Server

	replicas []*url.URL
	chosen   atomic.Int64
}

func newBalancer(t *testing.T) *balancer {
	t.Helper()
	b := &balancer{}
	b.Server = httptest.NewTLSServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(b.replicas[b.chosen.Load()])
		r.Out.Host = r.In.Host
		r.SetXForwarded()
	}})
	t.Cleanup(b.Close)
	return b
}

func (b *balancer) authority() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: b.Certificate().Raw}))
}

// add starts a replica behind the balancer.
func (b *balancer) add(t *testing.T, d storetest.Database) *replica {
	t.Helper()
	r := start(t, serve.Options{
		Storage: on(d), PublicURL: b.URL, Targets: target.AddressOptions{Allow: []string{"127.0.0.1"}},
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	})
	address, err := url.Parse(r.url)
	if err != nil {
		t.Fatal(err)
	}
	b.replicas = append(b.replicas, address)
	return r
}

// pendingConnection creates a connection that waits for a person. Its link is at the public address.
func pendingConnection(t *testing.T, caller *api.Client, publicURL string, crm *salesforce.Server) api.Connection {
	t.Helper()
	created, err := caller.CreateConnection(t.Context(), api.CreateConnection{
		Name: "CRM", System: "salesforce", Settings: map[string]string{
			"username": crm.Service().Username, "login_url": crm.LoginURL(), "client_id": crm.App().ConsumerKey,
		},
	})
	if err != nil || !strings.HasPrefix(string(created.AuthorizationURL), publicURL+pages.LinkPath) {
		t.Fatalf("%+v, %v", created, err)
	}
	return created
}

// A person opens the link on one replica and comes back to the other one. Nothing listens on the machine of the user.
func TestPersonSignsInAcrossReplicas(t *testing.T) {
	t.Parallel()
	d := storetest.PostgreSQL(t)
	b := newBalancer(t)
	replicas := []*replica{b.add(t, d), b.add(t, d)}
	crm := sandboxtest.Start(t, salesforce.Start, salesforce.Options{})
	if err := crm.UpdateApp(func(a *salesforce.App) {
		a.CallbackURLs, a.SecretForCode, a.SecretForRefresh = append(a.CallbackURLs, b.URL+pages.CallbackPath), false, false
	}); err != nil {
		t.Fatal(err)
	}
	caller := connect(t, b.URL, b.authority(), register(t, on(d), api.ScopeWrite, api.ScopeRead))
	created := pendingConnection(t, caller, b.URL, crm)
	browser := sandboxtest.Browser(t, b.authority())
	page, err := browser.Open(t.Context(), string(created.AuthorizationURL))
	if err != nil || page.Status != http.StatusOK {
		t.Fatalf("the first page: %+v, %v", page, err)
	}
	if page, err = page.Press(t.Context(), page.Buttons[0].Label); err != nil {
		t.Fatal(err)
	}
	callback, err := page.SignIn(t.Context(), crm.Service().Username, crm.Service().Password, person.Choices{})
	if err != nil {
		t.Fatal(err)
	}
	b.chosen.Store(1)
	// The state is used once, by the browser that started: another one gets nothing.
	if other, err := sandboxtest.Browser(t, b.authority()).Open(t.Context(), callback); err != nil || other.Status < 400 {
		t.Errorf("another browser: %+v, %v", other, err)
	}
	if page, err = browser.Open(t.Context(), callback); err != nil || page.Status != http.StatusOK ||
		!strings.Contains(page.Text, "Connection has been configured successfully!") {
		t.Fatalf("the result: %+v, %v", page, err)
	}
	if c, err := caller.Connection(t.Context(), created.ID); err != nil || c.Status == api.StatusBlank || c.AuthorizationURL != "" {
		t.Errorf("the connection: %+v, %v", c, err)
	}
	link := strings.TrimPrefix(string(created.AuthorizationURL), b.URL+pages.LinkPath)
	first, second := replicas[0], replicas[1]
	if log := first.log.String(); strings.Count(log, `"path":"/authorize/***"`) != 2 || strings.Contains(log, "/oauth/callback") {
		t.Errorf("the log of the first replica: %s", log)
	}
	if strings.Contains(first.log.String()+second.log.String(), link) {
		t.Error("a log contains the link")
	}
	if people := second.metrics(t, `riva_person_sign_ins_total{end="succeeded",system="salesforce"} 1`); len(people) != 1 {
		t.Errorf("the metrics of the second replica: %q", second.metrics(t, "riva_person"))
	}
}

// Salesforce sends no browser to plain http at 127.0.0.1. The page refers to the log, which says so.
func TestLogSaysWhyPersonCannotSignIn(t *testing.T) {
	t.Parallel()
	o := newDataDir(t)
	r := start(t, serve.Options{Storage: o, Targets: target.AddressOptions{Allow: []string{"127.0.0.1"}}})
	caller := connect(t, r.url, "", register(t, o, api.ScopeWrite, api.ScopeRead))
	created := pendingConnection(t, caller, r.url, sandboxtest.Start(t, salesforce.Start, salesforce.Options{}))
	page, err := sandboxtest.Browser(t).Open(t.Context(), string(created.AuthorizationURL))
	if err != nil {
		t.Fatal(err)
	}
	if page, err = page.Press(t.Context(), page.Buttons[0].Label); err != nil || page.Status != http.StatusInternalServerError {
		t.Fatalf("the page: %+v, %v", page, err)
	}
	for line := range strings.Lines(r.log.String()) {
		_, id, _ := strings.Cut(page.Text, "Request ID: ")
		if strings.Contains(line, "sends the browser back to https addresses") && strings.Contains(line, strings.TrimSpace(id)) {
			return
		}
	}
	t.Errorf("the page is %q, and the log does not say why:\n%s", page.Text, r.log)
}
