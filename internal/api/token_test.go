package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

func static(token string) oauth2.TokenSource {
	return oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token})
}

// issuer is a source that returns another token with each call.
type issuer struct{ issued atomic.Int64 }

func (i *issuer) Token() (*oauth2.Token, error) {
	return &oauth2.Token{AccessToken: fmt.Sprintf("token-%d", i.issued.Add(1))}, nil
}

// requireToken is a control plane that rejects all tokens but one with status 401.
func requireToken(t *testing.T, valid string) *fakeControlPlane {
	t.Helper()
	return &fakeControlPlane{handle: func(_ int, r *http.Request) (*http.Response, error) {
		if r.Header.Get("Authorization") != "Bearer "+valid {
			return problem(http.StatusUnauthorized, api.ProblemUnauthenticated), nil
		}
		return ok(t, api.Cycle{ID: someID}), nil
	}}
}

func TestRejectedTokenIsRefreshedOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		valid    string
		requests int
		issued   int64
		fails    bool
	}{
		"the first is valid":       {valid: "token-1", requests: 1, issued: 1},
		"the second is valid":      {valid: "token-2", requests: 2, issued: 2},
		"the third would be valid": {valid: "token-3", requests: 2, issued: 2, fails: true},
		"none is valid":            {valid: "", requests: 2, issued: 2, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := &issuer{}
			f := requireToken(t, c.valid)
			client := newClient(t, f, func(o *api.Options) { o.TokenSource = oauth2.ReuseTokenSource(nil, source) })
			_, err := client.Cycle(t.Context(), someID, someID)
			if c.fails != api.IsProblem(err, api.ProblemUnauthenticated) || c.fails != (err != nil) {
				t.Errorf("error %v", err)
			}
			if n := len(f.seen()); n != c.requests || source.issued.Load() != c.issued {
				t.Errorf("%d requests with %d tokens", n, source.issued.Load())
			}
		})
	}
}

func TestConfiguredTokenIsNotRetried(t *testing.T) {
	t.Parallel()
	f := requireToken(t, "another")
	client := newClient(t, f, func(o *api.Options) { o.TokenSource = static("mine") })
	if _, err := client.Cycle(t.Context(), someID, someID); !api.IsProblem(err, api.ProblemUnauthenticated) {
		t.Errorf("error %v", err)
	}
	if n := len(f.seen()); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestRejectedCallsShareOneRefresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source := &issuer{}
		f := requireToken(t, "token-2")
		client := newClient(t, f, func(o *api.Options) { o.TokenSource = source })
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if _, err := client.Cycle(t.Context(), someID, someID); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := source.issued.Load(); n != 2 {
			t.Errorf("%d tokens were issued", n)
		}
	})
}

func TestRejectedClientCredentials(t *testing.T) {
	t.Parallel()
	const secret = "canary-88c0"
	f := &fakeControlPlane{handle: func(int, *http.Request) (*http.Response, error) {
		return response(http.StatusUnauthorized, "application/json",
			`{"error":"invalid_client","error_description":"wrong secret `+secret+`"}`), nil
	}}
	client := newClient(t, f, func(o *api.Options) {
		o.TokenSource = api.ClientCredentials(o.BaseURL, "pipeline", secret, f)
	})
	_, err := client.Cycle(t.Context(), someID, someID)
	if !api.IsProblem(err, api.ProblemUnauthenticated) || !strings.Contains(err.Error(), "invalid_client") {
		t.Fatalf("error %v", err)
	}
	if strings.Contains(err.Error(), secret) {
		t.Errorf("error text %q", err)
	}
	if n := len(f.seen()); n != 1 {
		t.Errorf("the secret was sent %d times", n)
	}
}

func TestTokenRequestIsRetried(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &fakeControlPlane{}
		f.handle = func(n int, r *http.Request) (*http.Response, error) {
			switch {
			case r.URL.Path == "/oauth/token" && n == 1:
				return problem(http.StatusServiceUnavailable, api.ProblemUnavailable, "Retry-After", "2"), nil
			case r.URL.Path == "/oauth/token":
				id, secret, _ := r.BasicAuth()
				if id != "pipeline" || secret != "s3cret" {
					t.Errorf("signed in as %q", id)
				}
				return response(http.StatusOK, "application/json", `{"access_token":"a","token_type":"bearer","expires_in":600}`), nil
			}
			return ok(t, api.Cycle{ID: r.Header.Get("Authorization")}), nil
		}
		client := newClient(t, f, func(o *api.Options) {
			o.TokenSource = api.ClientCredentials(o.BaseURL, "pipeline", "s3cret", f)
		})
		for range 2 {
			if cycle, err := client.Cycle(t.Context(), someID, someID); err != nil || cycle.ID != "Bearer a" {
				t.Fatalf("cycle %+v, error %v", cycle, err)
			}
		}
		if n := len(f.seen()); n != 4 { // two for the token, two for the reads
			t.Errorf("%d requests", n)
		}
	})
}
