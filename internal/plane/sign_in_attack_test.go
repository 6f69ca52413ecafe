package plane_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// stranger sends requests to the pages that no person's browser would send.
type stranger struct {
	*replicas

	t       *testing.T
	http    *http.Client
	created api.Connection
	link    string
}

func newStranger(t *testing.T, name string) *stranger {
	t.Helper()
	r := startReplicas(t, storetest.SQLite(t), catalog.All())
	s := standIns(t, r.address+pages.CallbackPath)["office365"]
	s.create.Name = name
	created, err := r.client.CreateConnection(t.Context(), s.create)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(r.authority))
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true,
	}
	return &stranger{
		replicas: r, t: t, created: created, link: string(created.AuthorizationURL), http: &http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// send sends a request, and returns the response with its body. header has names and values in turn.
func (s *stranger) send(method, address, form string, header ...string) (*http.Response, string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(context.WithoutCancel(s.t.Context()), method, address, strings.NewReader(form))
	if err != nil {
		s.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	response, err := s.http.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff",
	} {
		if got := response.Header.Get(name); got != want {
			s.t.Errorf("%s %s: %s is %q", method, response.Request.URL.Path, name, got)
		}
	}
	if policy := response.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors 'none'") {
		s.t.Errorf("%s %s: the policy is %q", method, response.Request.URL.Path, policy)
	}
	return response, string(body)
}

// waiting reads the re-validation.
func (s *stranger) waiting() api.Revalidation {
	s.t.Helper()
	found, err := s.client.Revalidation(s.t.Context(), s.created.ID, s.created.AuthorizationID)
	if err != nil || found.State != api.RevalidationPending {
		s.t.Fatalf("waiting: %+v, %v", found, err)
	}
	return found
}

// begin presses the button, and returns the state and the cookie.
func (s *stranger) begin(header ...string) (state string, cookie *http.Cookie) {
	s.t.Helper()
	response, _ := s.send(http.MethodPost, s.link, "", header...)
	at, err := response.Location()
	if err != nil || len(response.Cookies()) != 1 {
		s.t.Fatalf("the button: %d %v, %v", response.StatusCode, response.Header, err)
	}
	if want := s.created.Settings["authority_url"]; at.Scheme+"://"+at.Host != want ||
		at.Query().Get("redirect_uri") != s.address+pages.CallbackPath {
		s.t.Fatalf("the button leads to %s, want %s", at, want)
	}
	return at.Query().Get("state"), response.Cookies()[0]
}

// What reads a link without a person consumes nothing, and forms of other sites start and confirm nothing.
func TestStrangersStartNothing(t *testing.T) {
	t.Parallel()
	s := newStranger(t, "mail")
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet} {
		if response, _ := s.send(method, s.link, ""); response.StatusCode != http.StatusOK || len(response.Cookies()) > 0 {
			t.Errorf("%s: %d %v", method, response.StatusCode, response.Header)
		}
	}
	for _, header := range [][]string{
		{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example.com"}, {"Origin", "null"},
		{"Sec-Fetch-Site", "cross-site", "Origin", s.address},
	} {
		for _, address := range []string{s.link, s.address + pages.ConfirmPath} {
			response, body := s.send(http.MethodPost, address, "confirm=yes&proof=a.b", header...)
			if response.StatusCode != http.StatusForbidden || len(response.Cookies()) > 0 || strings.Contains(body, s.created.Name) {
				t.Errorf("%s with %q: %d %s", response.Request.URL.Path, header, response.StatusCode, body)
			}
		}
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch} {
		if response, _ := s.send(method, s.link, "", "Sec-Fetch-Site", "none"); response.StatusCode < http.StatusBadRequest {
			t.Errorf("%s: %d", method, response.StatusCode)
		}
	}
	if found := s.waiting(); found.Attempts != 0 {
		t.Errorf("%d attempts", found.Attempts)
	}
}

// A cookie that was planted in the browser, and a state that was sent to it, complete no sign-in. A state is used once.
func TestSignInIsBoundToBrowser(t *testing.T) {
	t.Parallel()
	s := newStranger(t, "mail")
	state, cookie := s.begin("Cookie", "__Host-riva_sign_in_0000000000000000=planted; riva_sign_in_0000000000000000=planted")
	if !strings.HasPrefix(cookie.Name, "__Host-") || !cookie.Secure || !cookie.HttpOnly || cookie.Path != "/" ||
		cookie.Domain != "" || cookie.SameSite != http.SameSiteLaxMode || len(cookie.Value) < 43 || cookie.Value == "planted" {
		t.Errorf("the cookie is %+v", cookie)
	}
	callback := s.address + pages.CallbackPath + "?" + url.Values{"state": {state}, "error": {"access_denied"}}.Encode()
	for name, header := range map[string][]string{
		"no cookie": {}, "another value": {"Cookie", cookie.Name + "=" + strings.Repeat("A", len(cookie.Value))},
		"without the prefix": {"Cookie", strings.TrimPrefix(cookie.Name, "__Host-") + "=" + cookie.Value},
	} {
		response, body := s.send(http.MethodGet, callback, "", header...)
		if response.StatusCode != http.StatusForbidden || strings.Contains(body, s.link[len(s.link)-43:]) {
			t.Errorf("%s: %d %s", name, response.StatusCode, body)
		}
	}
	own := []string{"Cookie", cookie.Name + "=" + cookie.Value}
	if response, _ := s.send(http.MethodHead, callback, "", own...); response.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("HEAD: %d", response.StatusCode)
	}
	for i, want := range []string{"The sign-in was canceled", "This sign-in was already used"} {
		if response, body := s.send(http.MethodGet, callback, "", own...); !strings.Contains(body, want) {
			t.Errorf("time %d: %d %s", i, response.StatusCode, body)
		}
	}
	if found := s.waiting(); found.Attempts != 1 || found.Connection.Status != api.StatusBlank {
		t.Errorf("afterwards %+v", found)
	}
}

// No address leads a browser to a place that the request names.
func TestPagesDoNotRedirectElsewhere(t *testing.T) {
	t.Parallel()
	s := newStranger(t, "mail")
	const evil = "https://evil.example.com"
	query := "?next=" + url.QueryEscape(evil) + "&redirect_uri=" + url.QueryEscape(evil) + "&admin_consent=True&state=x"
	for _, path := range []string{
		"//evil.example.com/%2e%2e", "/authorize//evil.example.com", "/authorize/..//evil.example.com", pages.CallbackPath + query,
		pages.LinkPath + "x" + query, pages.ConfirmPath + query, "/\\evil.example.com", "/oauth/../..//evil.example.com" + query,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
		address, rest, _ := strings.Cut(path, "?")
		r.URL = &url.URL{Path: address, RawQuery: rest}
		r.Host = strings.TrimPrefix(s.address, "https://")
		w := httptest.NewRecorder()
		s.seen.next[0].ServeHTTP(w, r)
		if to := w.Header().Get("Location"); strings.Contains(to, "//") || strings.Contains(to, "\\") {
			t.Errorf("%s leads to %s", path, to)
		}
		if strings.Contains(w.Body.String(), `href="`+evil) || strings.Contains(w.Body.String(), `action="`+evil) {
			t.Errorf("%s has a link: %s", path, w.Body)
		}
	}
	s.begin("X-Forwarded-Host", "evil.example.com", "Forwarded", "host=evil.example.com") // checks where it leads
}

// Names and the texts of a target system do not become markup.
func TestPagesEscapeForeignTexts(t *testing.T) {
	t.Parallel()
	const markup = `"><script>alert(1)</script><img src=x onerror=alert(2)>`
	s := newStranger(t, "mail "+markup)
	_, first := s.send(http.MethodGet, s.link, "")
	state, cookie := s.begin()
	_, failed := s.send(http.MethodGet, s.address+pages.CallbackPath+"?"+url.Values{
		"state": {state}, "error": {"server_error"}, "error_description": {markup + " `" + markup + "`"},
	}.Encode(), "", "Cookie", cookie.Name+"="+cookie.Value)
	for name, body := range map[string]string{"the first page": first, "an error": failed} {
		if strings.Contains(body, "<script") || strings.Contains(body, "<img") || !strings.Contains(body, "&lt;script&gt;") {
			t.Errorf("%s: %s", name, body)
		}
	}
}
