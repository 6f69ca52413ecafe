package access_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/access"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/plane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// issuer is the address of the control plane, as its tokens have it.
const issuer = "https://riva.example.com"

// clock is the clock of the machine. Beside a database with a clock of its own, it runs.
type clock struct {
	mu    sync.Mutex
	at    time.Time
	runs  bool
	ahead time.Duration
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.runs {
		return time.Now().Add(c.ahead)
	}
	return c.at.Add(c.ahead)
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// fixture is one process of a shared control plane.
type fixture struct {
	store   *store.Store
	service *access.Service
	clock   *clock
	server  *httptest.Server
}

// each runs a test on both databases.
func each(t *testing.T, run func(*testing.T, *fixture)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, d storetest.Database) { run(t, open(t, d)) })
}

// open starts a process on a database.
func open(t *testing.T, d storetest.Database, change ...func(*access.Options)) *fixture {
	t.Helper()
	f := &fixture{store: d.Open(t, nil), clock: &clock{at: time.Now(), runs: d.Address != ""}}
	o := access.Options{
		Store: f.store, Issuer: issuer, Now: f.clock.Now, Network: target.Network{LoopbackHTTP: true},
		TokenRate: access.Rate{PerSecond: 1000, Burst: 1000},
	}
	for _, c := range change {
		c(&o)
	}
	var err error
	if f.service, err = access.New(o); err != nil {
		t.Fatal(err)
	}
	p := plane.New(plane.Options{Store: f.store, StoreName: d.Type(), Access: f.service, Version: "1.2.3"})
	f.server = httptest.NewServer(p.Handler())
	t.Cleanup(func() {
		f.server.Close()
		if err := p.Close(t.Context()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	return f
}

// create creates a client with a secret.
func (f *fixture) create(t *testing.T, name string, scopes ...string) (model.Client, string) {
	t.Helper()
	c, secret, err := f.service.CreateClient(t.Context(), model.NewClient{Name: name, Scopes: scopes, Secret: true})
	if err != nil {
		t.Fatal(err)
	}
	return c, secret
}

// answer is a response of the token endpoint.
type answer struct {
	Status      int         `json:"-"`
	Header      http.Header `json:"-"`
	Token       string      `json:"access_token"`
	Type        string      `json:"token_type"`
	ExpiresIn   int         `json:"expires_in"`
	Scope       string      `json:"scope"`
	Error       string      `json:"error"`
	Description string      `json:"error_description"`
}

// token sends a request for a token. The form gets a grant type unless it has one.
func (f *fixture) token(t *testing.T, form url.Values, change ...func(*http.Request)) (out answer) {
	t.Helper()
	if !form.Has("grant_type") {
		form.Set("grant_type", "client_credentials")
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.server.URL+access.TokenPath,
		strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, c := range change {
		c(request)
	}
	status, header, body := f.send(t, request)
	if err := json.Unmarshal(body, &out); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	out.Status, out.Header = status, header
	return out
}

// withSecret requests a token with a secret.
func (f *fixture) withSecret(t *testing.T, id, secret string) answer {
	t.Helper()
	return f.token(t, url.Values{}, func(r *http.Request) { r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret)) })
}

// withAssertion requests a token with an assertion.
func (f *fixture) withAssertion(t *testing.T, id, assertion string) answer {
	t.Helper()
	return f.token(t, url.Values{
		"client_id": {id}, "client_assertion": {assertion},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
	})
}

// call calls the control plane with a token, and returns the status.
func (f *fixture) call(t *testing.T, path, token string) (int, http.Header) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, f.server.URL+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	status, header, _ := f.send(t, request)
	return status, header
}

func (f *fixture) send(t *testing.T, request *http.Request) (int, http.Header, []byte) {
	t.Helper()
	response, err := f.server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, body
}

// outcomes lists the audit events, oldest first.
func (f *fixture) outcomes(t *testing.T) (list []string) {
	t.Helper()
	events, err := f.store.AuditEvents(t.Context(), model.AuditFilter{}, model.Page{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range slices.Backward(events) {
		list = append(list, e.Action+" "+e.Outcome)
	}
	return list
}
