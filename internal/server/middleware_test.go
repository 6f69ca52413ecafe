package server_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/server"
)

// mount puts a handler of another package beside the routes of the contract, all behind the middleware.
func mount(foreign http.HandlerFunc) (handler http.Handler, log *lockedBuffer) {
	log = &lockedBuffer{}
	logger := slog.New(slog.NewTextHandler(log, nil))
	s := server.New(engine.New(nil, engine.Options{}), server.Options{Logger: logger})
	mux := http.NewServeMux()
	mux.Handle("/", s.Handler())
	mux.Handle("/foreign", foreign)
	return server.Middleware(mux, logger), log
}

func get(t *testing.T, handler http.Handler, path string) (response *http.Response, body string) {
	t.Helper()
	recorder := httptest.NewRecorder()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
	request.Header.Set("X-Request-Id", "r-1")
	handler.ServeHTTP(recorder, request)
	response = recorder.Result()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(text)
}

func TestMiddlewareHandlesForeignPanic(t *testing.T) {
	t.Parallel()
	handler, log := mount(func(http.ResponseWriter, *http.Request) {
		panic("canary of a foreign handler") //nolint:forbidigo // as a bug would
	})
	response, body := get(t, handler, "/foreign?query=canary")
	if response.StatusCode != http.StatusInternalServerError || response.Header.Get("X-Request-Id") != "r-1" ||
		response.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("status %d, headers %v", response.StatusCode, response.Header)
	}
	var problem api.Problem
	if err := json.Unmarshal([]byte(body), &problem); err != nil || problem.RequestID != "r-1" ||
		!api.IsProblem(&problem, api.ProblemInternal) {
		t.Errorf("problem %s, error %v", body, err)
	}
	for _, want := range []string{
		"msg=panic", "type=string", "msg=request method=GET path=/foreign status=500", "request_id=r-1",
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not contain %q:\n%s", want, log)
		}
	}
	checkNoSecrets(t, "the response", body)
	checkNoSecrets(t, "the log", log.String())
}

func TestMiddlewareLogsEachRequestOnce(t *testing.T) {
	t.Parallel()
	handler, log := mount(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	for path, status := range map[string]int{"/foreign": http.StatusTeapot, "/healthz": http.StatusOK} {
		response, _ := get(t, handler, path)
		if response.StatusCode != status || response.Header.Get("X-Request-Id") != "r-1" {
			t.Errorf("%s: status %d, headers %v", path, response.StatusCode, response.Header)
		}
		if n := strings.Count(log.String(), "path="+path+" "); n != 1 { // Server.Handler is behind the middleware as well
			t.Errorf("%s is in the log %d times:\n%s", path, n, log)
		}
	}
}

// However the address of a link is written, its secret is not in the log, and a path does not begin another line there.
func TestPathsDoNotRevealLinks(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"/authorize/canary", "//authorize/canary", "/x/authorize/canary", "/authorize/canary/x", "/authorize/%0acanary",
		"/v1/../authorize/canary", "/%61uthorize/canary", "/authorize%2fcanary", "/x%0d%0amsg=canary/authorize/canary",
	} {
		handler, log := mount(http.NotFound)
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
		var err error
		if request.URL.Path, err = url.PathUnescape(path); err != nil {
			t.Fatal(err)
		}
		handler.ServeHTTP(httptest.NewRecorder(), request)
		lines := strings.Split(strings.TrimSpace(log.String()), "\n")
		if len(lines) != 1 || strings.Contains(strings.ReplaceAll(lines[0], "msg=canary", ""), "canary") {
			t.Errorf("%s is logged as\n%s", path, log.String())
		}
	}
}
