package netsuite_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/netsuite"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// at is the time of the clock in most tests.
var at = time.Unix(1508242306, 0)

// seconds formats a time as OAuth does.
func seconds(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// start starts a stand-in for one test, by default with a fixed clock.
func start(t *testing.T, options netsuite.Options) *netsuite.Server {
	t.Helper()
	if options.Now == nil {
		options.Now = func() time.Time { return at }
	}
	return sandboxtest.Start(t, netsuite.Start, options)
}

// client signs its requests. Each has a new nonce.
type client struct {
	server          *netsuite.Server
	parameters      map[string]string // of the header
	consumer, token string            // secrets
	count           int
}

func newClient(server *netsuite.Server) *client {
	return &client{
		server: server, consumer: server.Integration().Secret, token: server.Token().Secret,
		parameters: map[string]string{
			"realm": server.Account().ID, "oauth_consumer_key": server.Integration().ConsumerKey,
			"oauth_token": server.Token().ID, "oauth_signature_method": "HMAC-SHA256",
			"oauth_timestamp": seconds(at), "oauth_version": "1.0",
		},
	}
}

// escape encodes as OAuth does.
func escape(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

// call sends a request. query contains its parameters in the order of their names.
func (c *client) call(t *testing.T, method, path, query, body string) (*http.Response, string) {
	t.Helper()
	c.count++
	parameters := map[string]string{"oauth_nonce": fmt.Sprintf("nonce%07d", c.count)}
	maps.Copy(parameters, c.parameters)
	// The names of the query's parameters sort before those of OAuth, so the order is known.
	params := ""
	if query != "" {
		params = query + "&"
	}
	for _, name := range []string{
		"oauth_consumer_key", "oauth_nonce", "oauth_signature_method", "oauth_timestamp", "oauth_token", "oauth_version",
	} {
		params += name + "=" + escape(parameters[name]) + "&"
	}
	base := method + "&" + escape(c.server.URL()+path) + "&" + escape(strings.TrimSuffix(params, "&"))
	mac := hmac.New(sha256.New, []byte(escape(c.consumer)+"&"+escape(c.token)))
	mac.Write([]byte(base))
	if parameters["oauth_signature"] == "" {
		parameters["oauth_signature"] = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	var header []string
	for name, value := range parameters {
		header = append(header, name+`="`+escape(value)+`"`)
	}
	if query != "" {
		path += "?" + query
	}
	return send(t, c.server, method, path, "OAuth "+strings.Join(header, ", "), body)
}

func send(t *testing.T, server *netsuite.Server, method, path, authorization, body string) (*http.Response, string) {
	t.Helper()
	req := sandboxtest.Request(t, method, server.URL()+path, body, "Authorization", authorization)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Prefer", "transient")
	}
	return do(t, &http.Transport{}, req)
}

func do(t *testing.T, transport *http.Transport, req *http.Request) (*http.Response, string) {
	t.Helper()
	defer transport.CloseIdleConnections()
	resp, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.Body.Close() != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

// read parses a JSON response.
func read(t *testing.T, text string) map[string]any {
	t.Helper()
	var value map[string]any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return value
}

func TestTokenInfo(t *testing.T) {
	t.Parallel()
	c := newClient(start(t, netsuite.Options{}))
	resp, text := c.call(t, http.MethodGet, "/rest/tokeninfo", "", "")
	info := read(t, text)
	if resp.StatusCode != http.StatusOK || info["companyId"] != "1234567_SB1" || info["userName"] != "Riva Sync" ||
		info["roleName"] != "Riva Integration" || info["environmentName"] != "SANDBOX" {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
	c.server.UpdateRole(func(r *netsuite.Role) { r.WebServicesOnly = true })
	if resp, text := c.call(t, http.MethodGet, "/rest/tokeninfo", "", ""); resp.StatusCode != http.StatusUnauthorized ||
		!strings.Contains(text, `"INVALID_LOGIN_CREDENTIALS"`) {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
}

func TestRecords(t *testing.T) {
	t.Parallel()
	c := newClient(start(t, netsuite.Options{}))
	const records = "/services/rest/record/v1/"
	for _, tc := range []struct {
		path, query string
		status      int
		text        string
	}{
		{"contact", "limit=1", http.StatusOK, `"count":1,"hasMore":true`},
		{"contact", "", http.StatusOK, `"totalResults":2`},
		{"contact/21", "", http.StatusOK, `"charles@example.com"`},
		{"contact/99", "", http.StatusNotFound, "NONEXISTENT_ID"},
		{"calendarEvent", "limit=1", http.StatusOK, `"id":"31"`},
		{"message", "limit=1", http.StatusOK, `"id":"41"`},
		{"task", "", http.StatusOK, `"items":[]`},
		{"nothing", "", http.StatusNotFound, "INVALID_URL"},
		{"contact", "limit=0", http.StatusBadRequest, "'limit'"},
		{"contact", "limit=x", http.StatusBadRequest, "INVALID_PARAMETER"},
		{"metadata-catalog", "", http.StatusOK, `"name":"calendarEvent"`},
	} {
		resp, text := c.call(t, http.MethodGet, records+tc.path, tc.query, "")
		if resp.StatusCode != tc.status || !strings.Contains(text, tc.text) {
			t.Errorf("%s?%s: %d %s", tc.path, tc.query, resp.StatusCode, text)
		}
	}
	if resp, text := c.call(t, http.MethodPost, records+"contact", "", "{}"); resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
	if resp, text := c.call(t, http.MethodGet, "/elsewhere", "", ""); resp.StatusCode != http.StatusNotFound ||
		!strings.Contains(text, "<html>") {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	for path, tc := range map[string]struct {
		take func(*netsuite.Role)
		text string
	}{
		"contact":       {func(r *netsuite.Role) { r.Contacts = false }, "Lists -\\u003e Contacts"},
		"calendarEvent": {func(r *netsuite.Role) { r.Calendar = false }, "Events"},
		"message":       {func(r *netsuite.Role) { r.Mail = false }, "Track Messages"},
		"employee":      {func(r *netsuite.Role) { r.Employees = false }, "Employees"},
		"task":          {func(r *netsuite.Role) { r.REST = false }, "USER_ERROR"},
	} {
		server := start(t, netsuite.Options{})
		server.UpdateRole(tc.take)
		resp, text := newClient(server).call(t, http.MethodGet, "/services/rest/record/v1/"+path, "", "")
		if resp.StatusCode < 400 || !strings.Contains(text, tc.text) || !strings.Contains(text, `"o:errorDetails"`) {
			t.Errorf("%s: %d %s", path, resp.StatusCode, text)
		}
	}
	server := start(t, netsuite.Options{})
	server.UpdateAccount(func(a *netsuite.Account) { a.REST = false })
	_, text := newClient(server).call(t, http.MethodGet, "/services/rest/record/v1/task", "", "")
	if !strings.Contains(text, "USER_ERROR") {
		t.Error(text)
	}
}

func TestSuiteQL(t *testing.T) {
	t.Parallel()
	server := start(t, netsuite.Options{})
	if err := server.Update("Ada Lovelace", func(e *netsuite.Employee) { e.Email = "O'Ada@example.com" }); err != nil {
		t.Fatal(err)
	}
	c := newClient(server)
	for query, want := range map[string]string{
		"SELECT id, entityid FROM employee WHERE email = 'team@example.com'":           `"count":2`,
		"select id from employee where lower(email) = 'o''ada@example.com'":            `"id":"12"`,
		"SELECT id FROM employee WHERE email = 'o''ada@example.com'":                   `"count":0`,
		"SELECT isinactive FROM employee WHERE email='left@example.com' AND id = '17'": `"isinactive":"T"`,
		"SELECT id FROM employee":                                   `"totalResults":7`,
		"SELECT id FROM employee WHERE email = 'o'ada@example.com'": "Invalid or unsupported search",
		"SELECT id FROM employee WHERE":                             "Invalid or unsupported search",
		"SELECT id FROM employee WHERE email = ada":                 "Invalid or unsupported search",
		"SELECT id FROM employee;":                                  "Invalid or unsupported search",
		"SELECT FROM employee":                                      "Invalid or unsupported search",
		"SELECT shoes FROM employee":                                "Field 'shoes' for record 'employee' was not found",
		"SELECT id FROM nothing":                                    "Record 'nothing' was not found",
	} {
		body, err := json.Marshal(map[string]string{"q": query})
		if err != nil {
			t.Fatal(err)
		}
		if _, text := c.call(t, http.MethodPost, "/services/rest/query/v1/suiteql", "limit=20", string(body)); !strings.Contains(
			strings.ReplaceAll(text, `\u0027`, "'"), want) {
			t.Errorf("%s: %s", query, text)
		}
	}
	for body, want := range map[string]string{"{}": "INVALID_CONTENT", "": "INVALID_HEADER"} {
		if _, text := c.call(t, http.MethodPost, "/services/rest/query/v1/suiteql", "", body); !strings.Contains(text, want) {
			t.Errorf("%q: %s", body, text)
		}
	}
	server.UpdateRole(func(r *netsuite.Role) { r.Employees = false })
	_, text := c.call(t, http.MethodPost, "/services/rest/query/v1/suiteql", "", `{"q":"SELECT id FROM employee"}`)
	if !strings.Contains(text, "was not found") {
		t.Error(text)
	}
	last := server.Requests()[0]
	if last.User != "Riva Sync" {
		t.Errorf("recorded as %+v", last)
	}
}
