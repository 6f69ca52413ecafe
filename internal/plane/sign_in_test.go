package plane_test

import (
	"bytes"
	"encoding/pem"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/plane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/office365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/server"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// replicas are two control planes on one database, behind one https address that sends each request to the next one.
type replicas struct {
	client    *api.Client
	address   string
	authority string // PEM
	log       *safeBuffer
	// seen are secrets that were in requests and responses of a person.
	seen *recordingHandler
}

// safeBuffer is a log.
type safeBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *safeBuffer) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.String()
}

// recordingHandler sends requests to two handlers in turn, and records what a person's browser sends and gets.
type recordingHandler struct {
	turn  atomic.Int64
	next  [2]http.Handler
	mu    sync.Mutex
	texts []string
}

func (h *recordingHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	for _, cookie := range r.Cookies() {
		h.texts = append(h.texts, cookie.Value)
	}
	h.texts = append(h.texts, r.URL.Query().Get("state"), r.URL.Query().Get("code"))
	if link, ok := strings.CutPrefix(r.URL.Path, pages.LinkPath); ok {
		h.texts = append(h.texts, link)
	}
	h.mu.Unlock()
	h.next[h.turn.Add(1)%2].ServeHTTP(w, r)
}

func startReplicas(t *testing.T, d storetest.Database, systems target.Catalog) *replicas {
	t.Helper()
	handler := &recordingHandler{}
	front := httptest.NewTLSServer(handler)
	t.Cleanup(front.Close)
	r := &replicas{address: front.URL, log: &safeBuffer{}, seen: handler}
	r.authority = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: front.Certificate().Raw}))
	logger := slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	for i := range handler.next {
		p := plane.New(plane.Options{
			Store: d.Open(t, systems), StoreName: d.Type(), Systems: systems, PublicURL: front.URL, Logger: logger,
			Network: target.Network{LoopbackHTTP: true}, Authenticate: server.Local("tester"),
		})
		t.Cleanup(func() { closePlane(t, p) })
		handler.next[i] = p.Handler()
	}
	client, err := api.NewClient(api.Options{BaseURL: front.URL, Transport: front.Client().Transport})
	if err != nil {
		t.Fatal(err)
	}
	r.client = client
	return r
}

// standIn is a stand-in of a system, with its expected account and another one.
type standIn struct {
	create                       api.CreateConnection
	username, password           string
	otherUsername, otherPassword string
	hasMetadata                  bool
}

func standIns(t *testing.T, callback string) map[string]standIn {
	t.Helper()
	crm := sandboxtest.Start(t, salesforce.Start, salesforce.Options{})
	if err := crm.UpdateApp(func(a *salesforce.App) {
		a.CallbackURLs, a.SecretForCode, a.SecretForRefresh = append(a.CallbackURLs, callback), false, false
	}); err != nil {
		t.Fatal(err)
	}
	mail := sandboxtest.Start(t, office365.Start, office365.Options{})
	if err := mail.Entra.UpdateApp(func(a *entra.App) {
		a.RedirectURIs, a.Public = append(a.RedirectURIs, callback), true
	}); err != nil {
		t.Fatal(err)
	}
	workspace := sandboxtest.Start(t, google.Start, google.Options{})
	workspace.UpdateClient(func(c *google.Client) { c.RedirectURIs = append(c.RedirectURIs, callback) })
	ada := "ada@example.com"
	return map[string]standIn{
		"salesforce": {
			create: api.CreateConnection{System: "salesforce", Settings: map[string]string{
				"username": crm.Service().Username, "login_url": crm.LoginURL(), "client_id": crm.App().ConsumerKey,
			}},
			username: crm.Service().Username, password: crm.Service().Password,
			otherUsername: ada, otherPassword: crm.Find(ada).Password, hasMetadata: true,
		},
		"office365": {
			create: api.CreateConnection{System: "office365", Settings: map[string]string{
				"tenant_id": entra.TenantID, "client_id": mail.Entra.App().ClientID, "validation_email": mail.Service().UPN,
				"authority_url": mail.AuthorityURL(), "graph_url": mail.GraphURL(),
			}},
			username: mail.Service().UPN, password: mail.Service().Password,
			otherUsername: ada, otherPassword: mail.Entra.Find(ada).Password,
		},
		"google": {
			create: api.CreateConnection{
				System: "google", Credentials: map[string]string{"client_secret": workspace.Client().Secret},
				Settings: map[string]string{
					"admin_email": workspace.Admin().Email, "client_id": workspace.Client().ID, "token_url": workspace.TokenURL(),
					"authorize_url": workspace.AuthorizeURL(), "api_url": workspace.APIURL(),
				},
			},
			username: workspace.Admin().Email, password: workspace.Admin().Password,
			otherUsername: ada, otherPassword: workspace.Find(ada).Password,
		},
	}
}

// signIn opens the first page and presses its button; the person signs in, and the browser comes back.
func (r *replicas) signIn(t *testing.T, link, username, password string, choices person.Choices) *person.Page {
	t.Helper()
	return r.signInWith(t, sandboxtest.Browser(t, r.authority), link, username, password, choices)
}

// signInWith is signIn with a browser that is open already.
func (r *replicas) signInWith(
	t *testing.T, browser *person.Browser, link, username, password string, choices person.Choices,
) *person.Page {
	t.Helper()
	page, err := browser.Open(t.Context(), link)
	if err != nil || page.Status != http.StatusOK || !strings.Contains(page.Text, "Log out of other sessions first") {
		t.Fatalf("the first page: %+v, %v", page, err)
	}
	if page, err = page.Press(t.Context(), page.Buttons[0].Label); err != nil {
		t.Fatal(err)
	}
	callback, err := page.SignIn(t.Context(), username, password, choices)
	if err != nil {
		t.Fatal(err)
	}
	if page, err = browser.Open(t.Context(), callback); err != nil {
		t.Fatal(err)
	}
	return page
}

// A person signs in for a connection of each system: the wrong one first, who changes nothing, and is named.
func TestPersonSignsInAtEachSystem(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, d storetest.Database) {
		r := startReplicas(t, d, catalog.All())
		for name, s := range standIns(t, r.address+pages.CallbackPath) {
			t.Run(name, func(t *testing.T) {
				s.create.Name = name
				created, err := r.client.CreateConnection(t.Context(), s.create)
				if err != nil || created.Status != api.StatusBlank || created.AuthorizationURL == "" ||
					created.AuthorizationExpiresAt == nil {
					t.Fatalf("created %+v, %v", created, err)
				}
				link, pending := string(created.AuthorizationURL), created.AuthorizationID
				page := r.signIn(t, link, s.otherUsername, s.otherPassword, person.Choices{Another: true})
				if page.Status != http.StatusForbidden || !strings.Contains(page.Text, s.otherUsername) {
					t.Fatalf("somebody else: %d %s", page.Status, page.Text)
				}
				waiting, err := r.client.Revalidation(t.Context(), created.ID, pending)
				if err != nil || waiting.State != api.RevalidationPending || waiting.Fault == nil ||
					waiting.Fault.Code != string(target.WrongIdentity) || waiting.Identity.Username != s.otherUsername {
					t.Fatalf("after somebody else: %+v, %v", waiting, err)
				}
				page = r.signIn(t, link, s.username, s.password, person.Choices{})
				if page.Status != http.StatusOK || page.Heading != "Connection has been configured successfully!" {
					t.Fatalf("the right person: %d %s", page.Status, page.Text)
				}
				done, err := r.client.Revalidation(t.Context(), created.ID, pending)
				if err != nil || done.State != api.RevalidationSucceeded || done.Identity == nil || len(done.GrantedScopes) == 0 ||
					(done.MetadataRefreshedAt != nil) != s.hasMetadata || done.Connection.Status != "working" {
					t.Fatalf("afterwards: %+v, %v", done, err)
				}
				tested, err := r.client.RunTest(t.Context(), created.ID, api.RunTest{})
				if err != nil || !tested.Passed {
					t.Errorf("tested %+v, %v", tested, err)
				}
				if s.create.Credentials == nil {
					return
				}
				if compared, err := r.client.Compare(t.Context(), api.Comparison{
					ConnectionID: created.ID, Credentials: s.create.Credentials,
				}); err != nil || compared != api.Equal {
					t.Errorf("compared %q, %v", compared, err)
				}
			})
		}
		r.checkSecrets(t, d)
	})
}

// checkSecrets finds no secret of the sign-ins in logs, in the audit trail, and in plain text in the database.
func (r *replicas) checkSecrets(t *testing.T, d storetest.Database) {
	t.Helper()
	audit, err := r.client.AuditEvents(t.Context(), api.AuditFilter{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	var trail strings.Builder
	for _, event := range audit {
		trail.WriteString(event.Actor + " " + event.Detail + "\n")
	}
	places := map[string]string{"the log": r.log.text(), "the audit trail": trail.String()}
	if d.File != "" {
		for _, suffix := range []string{"", "-wal"} {
			content, err := os.ReadFile(d.File + suffix)
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			places["the database"+suffix] = string(content)
		}
	}
	seen := 0
	for _, secret := range r.seen.texts {
		if len(secret) < 16 {
			continue
		}
		seen++
		for place, text := range places {
			if strings.Contains(text, secret) {
				t.Errorf("%s contains a secret of a sign-in: %s…", place, secret[:4])
			}
		}
	}
	if seen < 12 || !strings.Contains(places["the log"], "/authorize/***") ||
		!strings.Contains(places["the audit trail"], "signed in as") {
		t.Errorf("%d secrets; the log and the audit trail do not show the sign-ins:\n%s", seen, trail.String())
	}
}

// The pages of a listener answer only its own host, and send the headers that pages need.
func TestSignInHandlerChecksHost(t *testing.T) {
	t.Parallel()
	p := plane.New(plane.Options{Store: openStore(t), Embedded: true, Systems: catalog.All()})
	defer closePlane(t, p)
	handler, err := p.SignInHandler("http://localhost:47100")
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]int{
		"localhost:47100": http.StatusNotFound, "LOCALHOST:47100": http.StatusNotFound, "localhost": http.StatusMisdirectedRequest,
		"127.0.0.1:47100": http.StatusMisdirectedRequest, "evil.example.com:47100": http.StatusMisdirectedRequest,
	} {
		w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/authorize/x", http.NoBody)
		r.Host = host
		handler.ServeHTTP(w, r)
		if w.Code != want || w.Header().Get("Referrer-Policy") != "no-referrer" || w.Header().Get("Cache-Control") != "no-store" ||
			!strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: %d %v", host, w.Code, w.Header())
		}
	}
	w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/authorize/x", http.NoBody)
	r.Host = "localhost:47100"
	r.Header.Set("Origin", "https://evil.example.com")
	handler.ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("a form of another site: %d", w.Code)
	}
}
