package server_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

const includeKey = "?include=comparison_key"

// sendConnection sends a request whose response is a connection, or has one.
func (s *testServer) sendConnection(t *testing.T, method, path, body string, headers ...string) (api.Connection, *http.Response) {
	t.Helper()
	resp, text := s.send(t, method, path, body, append(headers, "Content-Type", "application/json")...)
	var found struct {
		api.Connection
		Of    *api.Connection  `json:"connection"`
		Items []api.Connection `json:"items"`
	}
	if err := json.Unmarshal([]byte(text), &found); err != nil || resp.StatusCode >= http.StatusBadRequest {
		t.Fatalf("%s %s: %d %s", method, path, resp.StatusCode, text)
	}
	switch {
	case found.Of != nil:
		return *found.Of, resp
	case len(found.Items) > 0:
		return found.Items[0], resp
	}
	return found.Connection, resp
}

func TestComparisonKeysAreIncludedOnRequest(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		body, err := json.Marshal(newConnection("Mail", "mail"))
		if err != nil {
			t.Fatal(err)
		}
		created, _ := s.sendConnection(t, http.MethodPost, "/v1/connections"+includeKey, string(body))
		one := "/v1/connections/" + created.ID
		set, key := *created.CredentialsSet, string(created.ComparisonKey)
		if len(key) != 32 || set == "" {
			t.Fatalf("the created connection has the set %q and a key of %d bytes", set, len(key))
		}
		for _, c := range []struct {
			method, path, body string
			newSet             bool
		}{
			{"GET", "/v1/connections", "", false},
			{"GET", one, "", false},
			{"PATCH", one, `{"name":"Renamed"}`, false},
			{"PATCH", one, `{"credentials":{"password":"` + goodPassword + `"}}`, true},
			{"PUT", one + "/credentials", `{"credentials":{"password":"` + otherPassword + `"}}`, true},
		} {
			plain, _ := s.sendConnection(t, "GET", strings.TrimSuffix(c.path, "/credentials"), "")
			if plain.CredentialsSet != nil || plain.ComparisonKey != nil {
				t.Errorf("%s: a key that was not requested", c.path)
			}
			got, resp := s.sendConnection(t, c.method, c.path+includeKey, c.body)
			sameSet := got.CredentialsSet != nil && *got.CredentialsSet == set
			if sameSet == c.newSet || (string(got.ComparisonKey) == key) == c.newSet {
				t.Errorf("%s %s %s: set %v after %s", c.method, c.path, c.body, got.CredentialsSet, set)
			}
			if resp.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s: Cache-Control %q", c.method, c.path, resp.Header.Get("Cache-Control"))
			}
			set, key = *got.CredentialsSet, string(got.ComparisonKey)
		}
		if strings.Contains(s.log.String(), base64.StdEncoding.EncodeToString([]byte(key))) {
			t.Error("the log has a key")
		}
	})
}

// A client without the scope gets its response, without the key: a plan with it costs no more calls than before.
func TestComparisonKeysRequireTheScope(t *testing.T) {
	t.Parallel()
	s := newTLSServer(t)
	created := s.connect(t, "Mail", "mail")
	one := "/v1/connections/" + created.ID
	for token, c := range map[string]struct {
		method, path, body string
		allowed            bool
	}{
		"read":  {"GET", one, "", false},
		"write": {"PATCH", one, `{"credentials":{"password":"` + goodPassword + `"}}`, false},
		"all":   {"GET", one, "", true},
		"admin": {"GET", one, "", true},
	} {
		other := *s
		other.token = token
		got, _ := other.sendConnection(t, c.method, c.path+includeKey, c.body)
		if (got.CredentialsSet != nil) != c.allowed || (got.ComparisonKey != nil) != c.allowed {
			t.Errorf("%s: set %v, key of %d bytes", token, got.CredentialsSet, len(got.ComparisonKey))
		}
	}
	for token, status := range map[string]int{"compare": http.StatusForbidden, "nothing": http.StatusForbidden} {
		other := *s
		other.token = token
		if resp, text := other.send(t, http.MethodGet, one+includeKey, ""); resp.StatusCode != status {
			t.Errorf("%s: %d %s", token, resp.StatusCode, text)
		}
	}
	if resp, _ := s.send(t, http.MethodGet, one+"?include=credentials", ""); resp.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("another include: %d", resp.StatusCode)
	}
}

func TestRepeatedRequestHasKeyOfItsSet(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		created := s.connect(t, "Mail", "mail")
		path := "/v1/connections/" + created.ID + "/credentials"
		put := func(idempotencyKey string) api.Connection {
			t.Helper()
			body := `{"credentials":{"password":"` + goodPassword + `"}}`
			got, _ := s.sendConnection(t, http.MethodPut, path+includeKey, body, "Idempotency-Key", idempotencyKey)
			return got
		}
		first, again := put("one"), put("one")
		if *first.CredentialsSet != *again.CredentialsSet || string(first.ComparisonKey) != string(again.ComparisonKey) ||
			len(first.ComparisonKey) != 32 {
			t.Error("the repeated request has another set or another key")
		}
		if second := put("two"); *second.CredentialsSet == *first.CredentialsSet {
			t.Error("another request has the same set")
		}
		if late := put("one"); *late.CredentialsSet != *first.CredentialsSet || late.ComparisonKey != nil {
			t.Error("a request repeated after another submission has another set, or the key of that")
		}
	})
}

func TestBlankConnectionHasNoSet(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		unverified := newConnection("Mail", "mail")
		unverified.Credentials["password"], unverified.Verify = wrongPassword, new(false)
		created, err := s.client.CreateConnection(t.Context(), unverified)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.client.RunTest(t.Context(), created.ID, api.RunTest{}); err != nil {
			t.Fatal(err)
		}
		got, _ := s.sendConnection(t, http.MethodGet, "/v1/connections/"+created.ID+includeKey, "")
		if got.Status != api.StatusBlank || got.CredentialsSet == nil || *got.CredentialsSet != "" || got.ComparisonKey != nil {
			t.Errorf("%s, set %v", got.Status, got.CredentialsSet)
		}
	})
}

func TestClientRequestsComparisonKeys(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		client := s.newClient(t, s.transport, func(o *api.Options) { o.ComparisonKeys = true })
		created, err := client.CreateConnection(t.Context(), newConnection("Mail", "mail"))
		if err != nil || len(created.ComparisonKey) != 32 {
			t.Fatalf("created: a key of %d bytes, %v", len(created.ComparisonKey), err)
		}
		if text := fmt.Sprintf("%v %+v %#v %s %x %d", created, created, created, created.ComparisonKey, created.ComparisonKey,
			created.ComparisonKey); strings.Contains(text, hex.EncodeToString(created.ComparisonKey)) ||
			!strings.Contains(text, "[comparison key]") {
			t.Errorf("a printed connection: %s", text)
		}
		read, err := client.ComparableConnection(t.Context(), created.ID)
		if err != nil || string(read.ComparisonKey) != string(created.ComparisonKey) {
			t.Errorf("read: a key of %d bytes, %v", len(read.ComparisonKey), err)
		}
		for name, read := range map[string]func() (api.Connection, error){
			"as it is now":   func() (api.Connection, error) { return client.Connection(t.Context(), created.ID) },
			"recently":       func() (api.Connection, error) { return client.RecentConnection(t.Context(), created.ID) },
			"by name":        func() (api.Connection, error) { return client.ConnectionByName(t.Context(), "Mail") },
			"another client": func() (api.Connection, error) { return s.client.ComparableConnection(t.Context(), created.ID) },
		} {
			if read, err := read(); err != nil || read.ID != created.ID || read.CredentialsSet != nil || read.ComparisonKey != nil {
				t.Errorf("%s: set %v, %v", name, read.CredentialsSet, err)
			}
		}
	})
}
