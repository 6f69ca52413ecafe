package api_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// hostile starts a control plane on loopback, and makes the options of a client for it.
func hostile(t *testing.T, handler http.HandlerFunc) api.Options {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	transport, err := api.NewTransport("")
	if err != nil {
		t.Fatal(err)
	}
	return api.Options{BaseURL: server.URL, Transport: transport, RequestTimeout: time.Hour}
}

// readPolicy makes a call, which must end although the control plane does not.
func readPolicy(t *testing.T, o api.Options) error {
	t.Helper()
	client, err := api.NewClient(o)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := client.Cycle(t.Context(), someID, someID)
		ended <- err
	}()
	select {
	case err := <-ended:
		return err
	case <-time.After(5 * time.Minute):
		t.Fatal("the call hangs")
	}
	return nil
}

func switchProtocols(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Connection", "Upgrade")
	w.Header().Set("Upgrade", "websocket")
	w.WriteHeader(http.StatusSwitchingProtocols)
}

func TestProtocolSwitchIsNoControlPlane(t *testing.T) {
	t.Parallel()
	o := hostile(t, switchProtocols)
	err := readPolicy(t, o)
	if !api.IsProblem(err, api.ProblemNotControlPlane) || !strings.Contains(err.Error(), "returned 101") {
		t.Errorf("got %v", err)
	}
	o.TokenSource = api.ClientCredentials(o.BaseURL, "id", "secret", o.Transport)
	err = readPolicy(t, o)
	if !api.IsProblem(err, api.ProblemUnauthenticated) || !strings.Contains(err.Error(), "returned 101") {
		t.Errorf("of the token endpoint: got %v", err)
	}
}

// Data ends with the timeout. Other content is not read, so it needs none.
func TestBodyWithoutEndHasTimeout(t *testing.T) {
	t.Parallel()
	for contentType, want := range map[string]func(error) bool{
		"application/json": func(err error) bool { return errors.As(err, new(*api.UnreachableError)) },
		"text/html":        func(err error) bool { return api.IsProblem(err, api.ProblemNotControlPlane) },
	} {
		t.Run(contentType, func(t *testing.T) {
			t.Parallel()
			o := hostile(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", contentType)
				_, _ = io.WriteString(w, "{")
				_ = http.NewResponseController(w).Flush()
				<-r.Context().Done()
			})
			if contentType == "application/json" {
				o.RequestTimeout = 50 * time.Millisecond
			}
			if err := readPolicy(t, o); !want(err) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestInterimResponsesAreLimited(t *testing.T) {
	t.Parallel()
	o := hostile(t, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			w.WriteHeader(http.StatusEarlyHints)
		}
	})
	err := readPolicy(t, o)
	if unreachable := new(api.UnreachableError); !errors.As(err, &unreachable) || unreachable.Attempts != 1 {
		t.Errorf("got %v", err)
	}
}
