package cli_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/office365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// account is an account at a stand-in.
type account struct{ username, password string }

// pendingFixture is a data directory with one connection that waits for a person.
type pendingFixture struct {
	fixture
	create        api.CreateConnection
	right, wrong  account
	withholdScope string
}

func startSalesforce(t *testing.T) *pendingFixture {
	t.Helper()
	server := sandboxtest.Start(t, salesforce.Start, salesforce.Options{})
	if err := server.UpdateApp(func(a *salesforce.App) {
		a.SecretForCode, a.SecretForRefresh = false, false
		for _, port := range []string{"47100", "47101", "47102", "47103", "47104"} {
			a.CallbackURLs = append(a.CallbackURLs, "http://localhost:"+port+"/oauth/callback")
		}
	}); err != nil {
		t.Fatal(err)
	}
	f := &pendingFixture{
		right: account{server.Service().Username, server.Service().Password},
		wrong: account{"ada@example.com", server.Find("ada@example.com").Password},
		create: api.CreateConnection{System: "salesforce", Settings: map[string]string{
			"username": server.Service().Username, "login_url": server.LoginURL(), "client_id": server.App().ConsumerKey,
		}},
	}
	f.salesforce = server
	f.open(t)
	return f
}

func startOffice365(t *testing.T) *pendingFixture {
	t.Helper()
	server := sandboxtest.Start(t, office365.Start, office365.Options{})
	if err := server.Entra.UpdateApp(func(a *entra.App) {
		a.RedirectURIs, a.Public = append(a.RedirectURIs, "http://localhost/oauth/callback"), true
	}); err != nil {
		t.Fatal(err)
	}
	f := &pendingFixture{
		right: account{server.Service().UPN, server.Service().Password},
		wrong: account{"ada@example.com", server.Entra.Find("ada@example.com").Password},
		create: api.CreateConnection{System: "office365", Settings: map[string]string{
			"tenant_id": entra.TenantID, "client_id": server.Entra.App().ClientID, "validation_email": server.Service().UPN,
			"authority_url": server.AuthorityURL(), "graph_url": server.GraphURL(),
		}},
	}
	f.open(t)
	return f
}

func startGoogle(t *testing.T) *pendingFixture {
	t.Helper()
	server := sandboxtest.Start(t, google.Start, google.Options{})
	f := &pendingFixture{
		right:         account{server.Admin().Email, server.Admin().Password},
		wrong:         account{"ada@example.com", server.Find("ada@example.com").Password},
		withholdScope: "https://www.googleapis.com/auth/calendar.readonly",
		create: api.CreateConnection{
			System: "google", Credentials: map[string]string{"client_secret": server.Client().Secret},
			Settings: map[string]string{
				"admin_email": server.Admin().Email, "client_id": server.Client().ID, "token_url": server.TokenURL(),
				"authorize_url": server.AuthorizeURL(), "api_url": server.APIURL(),
			},
		},
	}
	f.open(t)
	return f
}

// open creates the data directory and the connection, with the name "Pending".
func (f *pendingFixture) open(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	f.dataDir, f.keyset = filepath.Join(dir, "data"), filepath.Join(dir, "keys", "keyset.json")
	f.create.Name = "Pending"
	f.change(t, func(client *api.Client) error {
		_, err := client.CreateConnection(t.Context(), f.create)
		return err
	})
}

// stored reads the connection.
func (f *pendingFixture) stored(t *testing.T) (found api.Connection) {
	t.Helper()
	f.change(t, func(client *api.Client) (err error) {
		found, err = client.ConnectionByName(t.Context(), "Pending")
		return err
	})
	return found
}

// transcript is what a command prints while it runs.
type transcript struct {
	mu      sync.Mutex
	text    strings.Builder
	changed chan struct{}
	ended   bool
}

func newTranscript() *transcript { return &transcript{changed: make(chan struct{})} }

func (s *transcript) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Write(p)
	close(s.changed)
	s.changed = make(chan struct{})
	return len(p), nil
}

func (s *transcript) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *transcript) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// next waits for a text that matches after a position, and returns its last group and the end of the match.
func (s *transcript) next(t *testing.T, after int, pattern string) (found string, end int) {
	t.Helper()
	expression := regexp.MustCompile(pattern)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	for {
		s.mu.Lock()
		text, changed, ended := s.text.String(), s.changed, s.ended
		s.mu.Unlock()
		if at := expression.FindStringSubmatchIndex(text[after:]); at != nil {
			return text[after+at[len(at)-2] : after+at[len(at)-1]], after + at[1]
		}
		if ended {
			t.Fatalf("the command ended before %q:\n%s", pattern, text)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			t.Fatalf("no %q in:\n%s", pattern, text)
		}
	}
}

// authorizing is a command that waits for a person.
type authorizing struct {
	said, result *transcript
	done         chan error
	cancel       context.CancelFunc
}

// authorize starts the command in this process.
func (f *pendingFixture) authorize(t *testing.T, in func() *authorizeInput, args ...string) *authorizing {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	a := &authorizing{said: newTranscript(), result: newTranscript(), done: make(chan error, 1), cancel: cancel}
	command := newCommand(append([]string{
		"authorize", "Pending", "--no-browser", "--data-dir", f.dataDir, "--keyset", f.keyset,
	}, args...)...)
	command.SetOut(a.result)
	command.SetErr(a.said)
	if in != nil {
		command.SetIn(in())
	} else {
		command.SetIn(strings.NewReader(""))
	}
	go func() {
		err := command.ExecuteContext(ctx)
		a.said.end()
		a.done <- err
	}()
	return a
}

// authorizeInput is what a person types, line by line.
type authorizeInput struct{ lines chan string }

func (i *authorizeInput) Read(p []byte) (int, error) {
	line, ok := <-i.lines
	if !ok {
		return 0, errors.New("closed")
	}
	return copy(p, line+"\n"), nil
}

const linkPattern = `\n  (http://\S+)\n`

// press opens the link and presses the button of the first page.
func press(t *testing.T, browser *person.Browser, link, want string) *person.Page {
	t.Helper()
	page, err := browser.Open(t.Context(), link)
	if err != nil || page.Status != http.StatusOK || !strings.Contains(page.Text, want) {
		t.Fatalf("the first page: %+v, %v", page, err)
	}
	if page, err = page.Press(t.Context(), page.Buttons[0].Label); err != nil {
		t.Fatal(err)
	}
	return page
}

// visit signs in at the link as a person would, and returns the last page.
func visit(t *testing.T, link, want string, who account, choices person.Choices) *person.Page {
	t.Helper()
	browser := sandboxtest.Browser(t)
	callback, err := press(t, browser, link, want).SignIn(t.Context(), who.username, who.password, choices)
	if err != nil {
		t.Fatal(err)
	}
	page, err := browser.Open(t.Context(), callback)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

var systems = map[string]func(*testing.T) *pendingFixture{
	"salesforce": startSalesforce, "office365": startOffice365, "google": startGoogle,
}

// The wrong person first, who changes nothing; then the right one. The listener is closed afterwards.
func TestAuthorizeWaitsForTheRightPerson(t *testing.T) {
	t.Parallel()
	for name, start := range systems {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t)
			a := f.authorize(t, nil)
			link, at := a.said.next(t, 0, linkPattern)
			page := visit(t, link, f.right.username, f.wrong, person.Choices{Another: true})
			if page.Status != http.StatusForbidden || !strings.Contains(page.Text, f.wrong.username) {
				t.Fatalf("somebody else: %d %s", page.Status, page.Text)
			}
			_, at = a.said.next(t, at, `(Signed in as `+regexp.QuoteMeta(f.wrong.username)+`)`)
			_, at = a.said.next(t, at, `(  1\. )`)
			_, at = a.said.next(t, at, `(Nothing was stored\.)`)
			page = visit(t, link, f.right.username, f.right, person.Choices{Another: true})
			if page.Heading != "Connection has been configured successfully!" {
				t.Fatalf("the right person: %d %s", page.Status, page.Text)
			}
			err := <-a.done
			result := a.result.String()
			if err != nil || !strings.HasPrefix(result, "Connection has been configured successfully!\nSigned in as "+f.right.username) ||
				!strings.Contains(result, "Granted scopes: ") || !strings.Contains(result, "  passed  sign_in: ") {
				t.Errorf("error %v, result\n%s\nsaid\n%s", err, result, a.said.String()[at:])
			}
			if found := f.stored(t); found.Status != "working" || found.AuthorizationID != "" {
				t.Errorf("stored %+v", found)
			}
			if page, err := sandboxtest.Browser(t).Open(t.Context(), link); err == nil {
				t.Errorf("the listener still answers: %s", page.Text)
			}
		})
	}
}

func TestAuthorizeListenerChecksHost(t *testing.T) {
	t.Parallel()
	f := startOffice365(t)
	a := f.authorize(t, nil)
	link, _ := a.said.next(t, 0, linkPattern)
	address, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]int{
		address.Host: http.StatusOK, "127.0.0.1:" + address.Port(): http.StatusMisdirectedRequest,
		"localhost": http.StatusMisdirectedRequest, "rebound.example.com:" + address.Port(): http.StatusMisdirectedRequest,
	} {
		for _, loopback := range []string{"127.0.0.1", "localhost"} {
			to := *address
			to.Host = loopback + ":" + address.Port()
			got := sandboxtest.Send(t, sandboxtest.Client(), sandboxtest.Request(t, http.MethodGet, to.String(), "", "Host", host))
			if got.Status != want {
				t.Errorf("%s at %s: %d, want %d", host, loopback, got.Status, want)
			}
		}
	}
	a.cancel()
	if err := <-a.done; err == nil || !strings.HasPrefix(err.Error(), "interrupted: ") {
		t.Errorf("interrupted: %v", err)
	}
	if found := f.stored(t); found.AuthorizationID != "" || found.Status != api.StatusBlank {
		t.Errorf("a sign-in is pending: %+v", found)
	}
}

func TestAuthorizeTimesOut(t *testing.T) {
	t.Parallel()
	f := startGoogle(t)
	a := f.authorize(t, nil, "--timeout", "1ms", "--json")
	err := <-a.done
	if err == nil || !strings.HasPrefix(err.Error(), "timed out: ") || f.stored(t).AuthorizationID != "" {
		t.Errorf("error %v", err)
	}
}

// Without a browser on this machine: wrong pastes are explained, an attempt that failed has a new link, and nothing listens.
func TestAuthorizeByPaste(t *testing.T) {
	t.Parallel()
	for name, start := range systems {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t)
			in := &authorizeInput{lines: make(chan string, 1)}
			a := f.authorize(t, func() *authorizeInput { return in }, "--paste")
			const asked = `(Paste the address here)`
			link, at := a.said.next(t, 0, linkPattern)
			if said := a.said.String(); !strings.Contains(said, "First log out of other sessions") ||
				!strings.Contains(said, f.right.username) {
				t.Errorf("the warning is missing in\n%s", a.said)
			}
			redirect, at := a.said.next(t, at, `It begins with (\S+)\. `)
			_, at = a.said.next(t, at, asked)
			for _, wrong := range [][2]string{
				{"what is this", "This is not an address"}, {link, "This is another address"}, {redirect, "has no code"},
				{redirect + "?code=abc&state=other", "belongs to another sign-in"},
			} {
				in.lines <- wrong[0]
				_, at = a.said.next(t, at, "("+wrong[1]+")")
				_, at = a.said.next(t, at, asked)
			}
			atSystem, err := url.Parse(link)
			if err != nil {
				t.Fatal(err)
			}
			in.lines <- redirect + "?error=access_denied&state=" + atSystem.Query().Get("state")
			_, at = a.said.next(t, at, `(Start again with a new link)`)
			link, at = a.said.next(t, at, linkPattern)
			_, at = a.said.next(t, at, asked)
			in.lines <- redirected(t, link, f.wrong, person.Choices{Another: true})
			_, at = a.said.next(t, at, `(Signed in as `+regexp.QuoteMeta(f.wrong.username)+`)`)
			link, at = a.said.next(t, at, linkPattern)
			_, at = a.said.next(t, at, asked)
			code := redirected(t, link, f.right, person.Choices{Another: true})
			in.lines <- code
			if err := <-a.done; err != nil || !strings.Contains(a.result.String(), "Signed in as "+f.right.username) {
				t.Errorf("error %v, result\n%s\nsaid\n%s", err, a.result, a.said.String()[at:])
			}
			address, err := url.Parse(code)
			if err != nil || strings.Contains(a.said.String()+a.result.String(), address.Query().Get("code")) {
				t.Errorf("the output has the code (%v)", err)
			}
			if found := f.stored(t); found.Status != "working" {
				t.Errorf("stored %+v", found)
			}
		})
	}
}

// redirected returns the address where a person's browser ends.
func redirected(t *testing.T, link string, who account, choices person.Choices) string {
	t.Helper()
	callback, err := sandboxtest.Browser(t).SignIn(t.Context(), link, who.username, who.password, choices)
	if err != nil {
		t.Fatal(err)
	}
	return callback
}

func TestAuthorizeLimitsPastes(t *testing.T) {
	t.Parallel()
	f := startGoogle(t)
	_, err := f.command(t, strings.Repeat("nonsense\n", 20), "authorize", "Pending", "--paste")
	if err == nil || !strings.HasPrefix(err.Error(), "10 pasted addresses did not complete") {
		t.Errorf("nonsense: %v", err)
	}
	_, err = f.command(t, "", "authorize", "Pending", "--paste")
	if err == nil || !strings.Contains(err.Error(), "no address was pasted") || f.stored(t).AuthorizationID != "" {
		t.Errorf("nothing: %v", err)
	}
}

func TestAuthorizeShowsWithheldScope(t *testing.T) {
	t.Parallel()
	f := startGoogle(t)
	a := f.authorize(t, nil)
	link, at := a.said.next(t, 0, linkPattern)
	visit(t, link, f.right.username, f.right, person.Choices{Withhold: []string{f.withholdScope}})
	a.said.next(t, at, `(`+regexp.QuoteMeta(f.withholdScope)+`)`)
	a.cancel()
	if err := <-a.done; err == nil {
		t.Error("succeeded without a scope")
	}
}

func TestAuthorizeRejectsInvalidInput(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for _, c := range []struct{ args, want string }{
		{"authorize", "specify one connection"},
		{"authorize Nope", `the connection "Nope" does not exist`},
		{"authorize Exchange", "does not support the sign-in of a person"},
		{"authorize Salesforce --timeout 0s", "--timeout must be longer than 0"},
	} {
		if out, err := f.command(t, "", strings.Fields(c.args)...); err == nil || !strings.Contains(err.Error(), c.want) || out != "" {
			t.Errorf("%s: error %v, want %q in it, and no output, but got\n%s", c.args, err, c.want, out)
		}
	}
}

// With a shared control plane, nothing listens: the command prints the link of the server's pages, and waits.
func TestAuthorizeAtSharedControlPlane(t *testing.T) {
	f := startGoogle(t)
	control, err := embedded.Open(t.Context(), embedded.Options{DataDir: f.dataDir, Keyset: f.keyset, Systems: catalog.All()})
	if err != nil {
		t.Fatal(err)
	}
	contract, err := url.Parse(embedded.BaseURL)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/v1/", &httputil.ReverseProxy{Transport: control, Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(contract) }})
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		server.Close()
		if err := control.Close(); err != nil {
			t.Error(err)
		}
	})
	useKeyset(t)
	t.Setenv("RIVA_ENDPOINT", server.URL)
	t.Setenv("RIVA_TOKEN", "static")
	if _, err := execute(t, "", "authorize", "Pending", "--paste"); err == nil || !strings.Contains(err.Error(), "without --paste") {
		t.Errorf("--paste: %v", err)
	}
	if _, err := execute(t, "", "authorize", "Pending"); err == nil || !strings.Contains(err.Error(), "has no pages for a person") {
		t.Errorf("without pages: %v", err)
	}
	pages, err := control.SignInHandler(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/", pages)
	said, result, done := newTranscript(), new(strings.Builder), make(chan error, 1)
	command := newCommand("authorize", "Pending", "--no-browser")
	command.SetOut(result)
	command.SetErr(said)
	command.SetIn(strings.NewReader(""))
	go func() { done <- command.ExecuteContext(t.Context()) }()
	link, _ := said.next(t, 0, linkPattern)
	if !strings.HasPrefix(link, server.URL+"/authorize/") || strings.Contains(said.String(), "callback") {
		t.Errorf("said\n%s", said)
	}
	visit(t, link, f.right.username, f.right, person.Choices{})
	if err := <-done; err != nil || !strings.Contains(result.String(), "Signed in as "+f.right.username) {
		t.Errorf("error %v, result\n%s\nsaid\n%s", err, result, said)
	}
	if found := f.stored(t); found.Status != "working" {
		t.Errorf("stored %+v", found)
	}
}
