package server_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

func TestTextThatCannotBeStoredIsRejected(t *testing.T) {
	t.Parallel()
	id := uuid.NewString()
	list := func(query string) invalidRequest { return newRequest(http.MethodGet, query, "").withStatus(400) }
	forEachTransport(t, func(t *testing.T, s *testServer) {
		for name, c := range map[string]invalidRequest{
			"NUL in an id":                   list("/v1/users/a%00").at("path"),
			"invalid UTF-8 in an id":         list("/v1/connections/%ff").at("path"),
			"surrogate in an id":             list("/v1/connections/%ed%a0%80").at("path"),
			"NUL in an unknown address":      list("/%00").at("path"),
			"NUL in a filter":                list("/v1/connections?name=a%00b").at("query.name"),
			"invalid UTF-8 in a filter":      list("/v1/sync-logs?user_email=%c3%28").at("query.user_email"),
			"invalid UTF-8 in a second id":   list("/v1/connections?id=" + id + "&id=%80").at("query.id"),
			"NUL in the name of a parameter": list("/v1/connections?a%00=b").at("query"),
			"invalid UTF-8 in a key": post("/v1/users", "{}").with("Idempotency-Key", "\xff").withStatus(400).
				at("header.Idempotency-Key"),
			"invalid UTF-8 in the id of the run": post("/v1/users", "{}").with("Riva-Run-Id", "a\xc3").withStatus(400).
				at("header.Riva-Run-Id"),
			"invalid UTF-8 in If-Match": newRequest("DELETE", "/v1/users/"+id, "").with("If-Match", "\"\xff\"").withStatus(400).
				at("header.If-Match"),
			"NUL in a name": post("/v1/users", `{"email":"a\u0000@example.com"}`).withStatus(400).at("body"),
			"NUL in a setting": post("/v1/connections", `{"name":"a","system":"mail","settings":{"username":"\u0000"}}`).
				withStatus(400).at("body"),
			"NUL in a secret": post("/v1/connections", `{"name":"a","system":"mail","credentials":{"password":"canary\u0000"}}`).
				withStatus(400).at("body"),
			"NUL in the name of a setting": post("/v1/connections", `{"settings":{"a\u0000":"b"}}`).withStatus(400).at("body"),
			"NUL byte in a name":           post("/v1/users", "{\"email\":\"a\x00\"}").withStatus(400).at("body"),
			"invalid UTF-8 in a name":      post("/v1/users", "{\"email\":\"a\xff@example.com\"}").withStatus(400).at("body"),
			"invalid UTF-8 in a secret": post("/v1/connections", "{\"name\":\"a\",\"credentials\":{\"password\":\"canary\xc3\"}}").
				withStatus(400).at("body"),
		} {
			t.Run(name, func(t *testing.T) {
				resp, text := s.send(t, c.method, c.path, c.body, c.headers...)
				var got api.Problem
				if err := json.Unmarshal([]byte(text), &got); err != nil {
					t.Fatalf("%d %s: %v", resp.StatusCode, text, err)
				}
				if resp.StatusCode != c.status || !api.IsProblem(&got, c.problem) || got.RequestID == "" || got.Detail == "" ||
					len(got.Errors) != 1 || got.Errors[0].Path != c.paths[0] {
					t.Errorf("%d %s", resp.StatusCode, text)
				}
			})
		}
	})
}

// All parameters of all operations, those that a later version adds included.
func TestParameterThatCannotBeStoredIsRejected(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		var document struct {
			Paths map[string]map[string]struct {
				Parameters []struct{ In, Name string }
			}
		}
		s.decode(t, "/openapi.json", &document)
		checked := 0
		for path, operations := range document.Paths {
			for method, operation := range operations {
				for _, p := range operation.Parameters {
					for _, value := range []string{"\x00", "a\xffb", "\xed\xa0\x80"} {
						address, headers := path, []string{"Content-Type", "application/json"}
						switch p.In {
						case "path":
							address = strings.Replace(address, "{"+p.Name+"}", url.PathEscape(value), 1)
						case "query":
							address += "?" + p.Name + "=" + url.QueryEscape(value)
						case "header":
							headers = append(headers, p.Name, "a\xffb") // package net/http refuses to send NUL
						}
						address = regexp.MustCompile(`{\w+}`).ReplaceAllString(address, uuid.NewString())
						resp, text := s.send(t, strings.ToUpper(method), address, "{}", headers...)
						if resp.StatusCode != http.StatusBadRequest || !strings.Contains(text, api.ProblemInvalid) {
							t.Errorf("%s %s with %q in %s %s: %d %s", method, path, value, p.In, p.Name, resp.StatusCode, text)
						}
						checked++
					}
				}
			}
		}
		if checked < 150 {
			t.Errorf("only %d values were checked", checked)
		}
	})
}

// A header with NUL does not reach a server over TLS: package net/http rejects it. In process, only this package does.
func TestNULInHeaderIsRejected(t *testing.T) {
	t.Parallel()
	s := newEmbeddedServer(t)
	resp, text := s.send(t, http.MethodPost, "/v1/users", `{"email":"ann@example.com","enabled":true}`,
		"Content-Type", "application/json", "Idempotency-Key", "a\x00b")
	if resp.StatusCode != http.StatusBadRequest {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
}
