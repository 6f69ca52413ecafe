package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"
)

// Every client gets another response, so that each kind is counted.
func TestLoadCountsWhatHappened(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/0":
			w.WriteHeader(http.StatusOK)
		case "/1":
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
		default:
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	t.Cleanup(server.Close)
	out, err := load{
		clients: 3, length: 200 * time.Millisecond, want: http.StatusOK,
		next: func(ctx context.Context, client, _ int) (*http.Request, error) {
			return http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/"+strconv.Itoa(client), http.NoBody)
		},
	}.run(t.Context(), server.Client())
	if err != nil {
		t.Fatal(err)
	}
	if out.perSecond == 0 || out.p99 == 0 || out.limited == 0 || out.failed == 0 || out.failure == nil {
		t.Errorf("the outcome is %+v", out)
	}
}

func TestLoadEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (load{clients: 1, length: time.Hour, next: func(ctx context.Context, _, _ int) (*http.Request, error) {
		return http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:1/", http.NoBody)
	}}).run(ctx, new(http.Client)); err == nil {
		t.Error("a load that was canceled has an outcome")
	}
}
