//go:build unix

package servetest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/canarytest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/servetest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/waittest"
)

// recorder keeps the responses of a process.
type recorder struct {
	http.RoundTripper

	mu sync.Mutex
	// failed are the responses with an error, and succeeded are the others.
	failed, succeeded bytes.Buffer
}

// RoundTrip sends a request, and keeps the header and the body of its response.
func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := r.RoundTripper.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	r.mu.Lock()
	defer r.mu.Unlock()
	to := &r.succeeded
	if response.StatusCode >= http.StatusBadRequest {
		to = &r.failed
	}
	_ = response.Header.Write(to) // it never fails
	to.Write(body)
	return response, nil
}

// secrets are the secrets of a test, and the process that uses them.
type secrets struct {
	*servetest.Process

	known map[string]string
	// returned are the names of those that a response has for the caller who asks for them.
	returned map[string]bool
	recorder *recorder
	issued   api.IssuedClient
	// front is a proxy with TLS before the process: its address is the public one.
	front  *httptest.Server
	client *api.Client
	mail   *exchange.Server
	crm    *salesforce.Server
}

// add adds a secret and returns it.
func (s *secrets) add(name, secret string) string {
	s.known[name] = secret
	return secret
}

// addReturned adds a secret that a response had.
func (s *secrets) addReturned(name, secret string) {
	s.returned[name] = true
	s.add(name, secret)
}

// startWithSecrets starts a process with a secret in every setting that can have one.
func startWithSecrets(t *testing.T, d storetest.Database) *secrets {
	t.Helper()
	s := &secrets{
		known: map[string]string{}, returned: map[string]bool{},
		recorder: &recorder{RoundTripper: &http.Transport{DisableKeepAlives: true}},
		mail:     sandboxtest.Start(t, exchange.Start, exchange.Options{}),
		crm:      sandboxtest.Start(t, salesforce.Start, salesforce.Options{}),
	}
	s.front = httptest.NewTLSServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host = "http", strings.TrimPrefix(s.URL, "http://")
		r.SetXForwarded()
	}})
	t.Cleanup(s.front.Close)
	s.issued = servetest.Register(t, d, api.ScopeAdmin)
	s.addReturned("the client secret", string(s.issued.Secret))
	address, err := url.Parse(d.Address)
	must(t, err)
	settings := address.Query()
	address.User = url.UserPassword(settings.Get("user"), s.add("the password of the database", "canary-database-52ac"))
	settings.Del("user")
	address.RawQuery = settings.Encode()
	s.addKeys(t, d)
	s.Process = servetest.Start(t, []string{
		"RIVA_DATABASE_URL=" + address.String(), "RIVA_KEYSET_JSON=" + string(d.Keyset),
		"RIVA_TARGET_PROXY=http://riva:" + s.add("the password of the proxy", "canary-proxy-7e05") + "@127.0.0.1:1",
		"RIVA_PUBLIC_URL=" + s.front.URL, "GOTRACEBACK=all",
	}, "--log-level", "debug", "--allow-target", "127.0.0.1", "--metrics-listen", "127.0.0.1:0", "--trusted-proxies", "127.0.0.0/8")
	tokens := api.Credentials{ClientID: s.issued.Client.ID, ClientSecret: string(s.issued.Secret)}.TokenSource(s.URL, s.recorder)
	token, err := tokens.Token()
	must(t, err)
	s.addReturned("the access token", token.AccessToken)
	s.addReturned("the signature of the access token", token.AccessToken[strings.LastIndex(token.AccessToken, ".")+1:])
	s.client, err = api.NewClient(api.Options{
		BaseURL: s.URL, Transport: s.recorder, TokenSource: api.Credentials{Token: token.AccessToken}.TokenSource("", nil),
		ComparisonKeys: true,
	})
	must(t, err)
	return s
}

// addKeys adds the keys of the keyset.
func (s *secrets) addKeys(t *testing.T, d storetest.Database) {
	t.Helper()
	var keyset map[string]struct {
		Key []struct{ KeyData struct{ Value []byte } }
	}
	must(t, json.Unmarshal(d.Keyset, &keyset))
	const size = 32 // of a key, which is the end of its message
	before := len(s.known)
	for purpose, keys := range keyset {
		for i, key := range keys.Key {
			s.add(fmt.Sprintf("key %d to %s", i, purpose), string(key.KeyData.Value[len(key.KeyData.Value)-size:]))
		}
	}
	if len(s.known) < before+2 {
		t.Fatal("the keyset has no keys to seal and to digest")
	}
}

// addSigningKeys adds the keys that sign tokens. The database has them sealed.
func (s *secrets) addSigningKeys(t *testing.T, d storetest.Database) {
	t.Helper()
	must(t, d.Open(t, nil).View(t.Context(), func(tx model.Tx) error {
		keys, err := tx.TokenKeys(t.Context())
		for i, key := range keys {
			s.add(fmt.Sprintf("signing key %d", i), strings.Split(key.Private, "\n")[1])
		}
		return err
	}))
}

// send sends a request with the access token, and returns the status of the response and its body.
func (s *secrets) send(t *testing.T, method, path, body string, header ...string) (int, string) {
	t.Helper()
	token := "Bearer " + s.known["the access token"]
	header = append([]string{"Authorization", token, "Content-Type", "application/json"}, header...)
	response := sandboxtest.Send(t, &http.Client{Transport: s.recorder}, sandboxtest.Request(t, method, s.URL+path, body, header...))
	return response.Status, response.Body
}

// expectNowhere expects that a text has a secret in no form.
func (s *secrets) expectNowhere(t *testing.T, where string, text []byte, except map[string]bool, control string) {
	t.Helper()
	if !bytes.Contains(text, []byte(control)) {
		t.Errorf("%s does not have %q, so the search proves nothing", where, control)
	}
	for _, name := range slices.Sorted(maps.Keys(s.known)) {
		if !except[name] && canarytest.In(text, s.known[name]) {
			t.Errorf("%s is in %s", name, where)
		}
	}
}

// No secret is in what a shared control plane leaves behind: its database, responses, metrics, its log at the lowest level, and
// the stacks of a crash.
func TestSecretsOfServeAreNowhere(t *testing.T) {
	t.Parallel()
	d := storetest.PostgreSQL(t)
	s := startWithSecrets(t, d)
	s.addSigningKeys(t, d)
	s.useConnections(t)
	s.useCRM(t)
	s.useAccess(t)
	s.usePerson(t)
	s.useMistakes(t)
	s.useSlowDatabase(t, d)

	dump, err := exec.CommandContext(t.Context(), postgrestest.Program(t, "pg_dump"), d.Address).Output()
	must(t, err)
	s.expectNowhere(t, "the dump of the database", dump, nil, s.mail.Service().Email)
	for _, path := range []string{"/healthz", "/readyz"} {
		if status, body := s.send(t, http.MethodGet, path, ""); status != http.StatusOK {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	measured := sandboxtest.Send(t, sandboxtest.Client(), sandboxtest.Request(t, http.MethodGet, s.MetricsURL, ""))
	s.expectNowhere(t, "the metrics", []byte(measured.Body), nil, "riva_http_requests_total")
	log := s.crash(t)
	s.expectNowhere(t, "the log with the stacks of the crash", log, nil, `"level":"DEBUG"`)
	s.expectNowhere(t, "the errors", s.recorder.failed.Bytes(), nil, api.ProblemTypePrefix)
	s.expectNowhere(t, "the responses", s.recorder.succeeded.Bytes(), s.returned, s.mail.Service().Email)
}

// crash ends the process with the stacks of all goroutines, while it handles a request, and returns its log.
func (s *secrets) crash(t *testing.T) []byte {
	t.Helper()
	must(t, s.mail.Fail(sandbox.Slow(), sandbox.UntilCleared))
	s.mail.Forget()
	ended := make(chan error)
	go func() {
		connection := exchangeAt("Crash", s.mail)
		connection.Credentials["password"] = s.known["a password during the crash"]
		_, err := s.client.CreateConnection(t.Context(), connection)
		ended <- err
	}()
	waittest.Until(t, "a request is handled", func() bool { return len(s.mail.Requests()) > 0 })
	must(t, s.Process.Process.Signal(syscall.SIGQUIT))
	log, err := s.End()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 2 {
		t.Errorf("the crash ends with %v", err)
	}
	if err := <-ended; err == nil {
		t.Error("the request succeeded")
	}
	_, stacks, found := strings.Cut(log, "SIGQUIT: quit")
	if !found || !strings.Contains(stacks, "CreateConnection") {
		t.Errorf("the log does not have the stack of the request: %s", stacks)
	}
	for name, secret := range s.known {
		if canarytest.InStacks([]byte(stacks), secret) {
			t.Errorf("a part of %s is in the stacks", name)
		}
	}
	return []byte(log)
}
