package api_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

func TestRetryPolicy(t *testing.T) {
	t.Parallel()
	read := func(ctx context.Context, c *api.Client) error { _, err := c.Cycle(ctx, someID, someID); return err }
	create := func(ctx context.Context, c *api.Client) error {
		_, err := c.CreateUser(ctx, api.CreateUser{Email: "ann@example.com"})
		return err
	}
	remove := func(ctx context.Context, c *api.Client) error { return c.DeleteConnection(ctx, someID) }
	change := func(ctx context.Context, c *api.Client) error {
		_, err := c.UpdateConnection(ctx, someID, 7, api.UpdateConnection{})
		return err
	}
	cycle := func(ctx context.Context, c *api.Client) error { _, err := c.StartCycle(ctx, someID); return err }
	test := func(ctx context.Context, c *api.Client) error {
		_, err := c.RunTest(ctx, someID, api.RunTest{})
		return err
	}
	status := func(status int, headers ...string) func() (*http.Response, error) {
		return func() (*http.Response, error) { return problem(status, "unavailable", headers...), nil }
	}
	reset := func() (*http.Response, error) { return nil, errReset }
	untrusted := func() (*http.Response, error) {
		return nil, &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}
	}

	for name, c := range map[string]struct {
		call  func(context.Context, *api.Client) error
		first func() (*http.Response, error)
		retry bool
	}{
		"read after a reset":                   {read, reset, true},
		"read after 429":                       {read, status(429), true},
		"read after 502":                       {read, status(502), true},
		"read after 503":                       {read, status(503), true},
		"read after 504":                       {read, status(504), true},
		"read after 500":                       {read, status(500), false},
		"read after 501":                       {read, status(501), false},
		"read after 404":                       {read, status(404), false},
		"read from an untrusted server":        {read, untrusted, false},
		"create after a reset":                 {create, reset, true},
		"create after 503":                     {create, status(503), true},
		"create after 409":                     {create, status(409), false},
		"create after 422":                     {create, status(422), false},
		"change after a reset":                 {change, reset, true},
		"delete after 504":                     {remove, status(504), true},
		"cycle after a reset":                  {cycle, reset, true},
		"test after a reset":                   {test, reset, false},
		"test after 502":                       {test, status(502), false},
		"test after 504":                       {test, status(504), false},
		"test after 503 that may have run":     {test, status(503), false},
		"test after 503 with Retry-After":      {test, status(503, "Retry-After", "1"), true},
		"test after 429":                       {test, status(429), true},
		"read after 503 with a long wait":      {read, status(503, "Retry-After", "31"), false},
		"read after 503 without a wait":        {read, status(503, "Retry-After", "0"), true},
		"read after 503 with a malformed wait": {read, status(503, "Retry-After", "soon"), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := &fakeControlPlane{handle: func(n int, r *http.Request) (*http.Response, error) {
					if n == 1 {
						return c.first()
					}
					if r.Method == http.MethodDelete {
						return response(http.StatusNoContent, "", ""), nil
					}
					return response(http.StatusOK, "application/json", "{}"), nil
				}}
				err := c.call(t.Context(), newClient(t, f))
				seen := f.seen()
				if c.retry != (len(seen) == 2) || c.retry != (err == nil) {
					t.Fatalf("sent %d times, error %v; want a retry: %v", len(seen), err, c.retry)
				}
				if !c.retry {
					return
				}
				first, second := seen[0], seen[1]
				if first.body != second.body {
					t.Errorf("sent %q, then %q", first.body, second.body)
				}
				for _, header := range []string{"Idempotency-Key", "If-Match", "X-Request-Id"} {
					if first.header.Get(header) != second.header.Get(header) {
						t.Errorf("%s was %q, then %q", header, first.header.Get(header), second.header.Get(header))
					}
				}
				mutates := first.method != http.MethodGet && !strings.HasSuffix(first.path, "/tests")
				if got := first.header.Get("Idempotency-Key"); mutates != (got != "") {
					t.Errorf("%s has the idempotency key %q", first.method, got)
				}
			})
		})
	}
}

func TestIdempotencyKeysDiffer(t *testing.T) {
	t.Parallel()
	f := &fakeControlPlane{handle: func(int, *http.Request) (*http.Response, error) {
		return response(http.StatusCreated, "application/json", "{}"), nil
	}}
	c := newClient(t, f)
	for range 2 {
		if _, err := c.CreateUser(t.Context(), api.CreateUser{Email: "ann@example.com"}); err != nil {
			t.Fatal(err)
		}
	}
	seen := f.seen()
	if seen[0].header.Get("Idempotency-Key") == seen[1].header.Get("Idempotency-Key") {
		t.Error("two calls share an idempotency key: the second one would not run")
	}
}

func TestRunIDIsThatOfTheProcess(t *testing.T) {
	t.Parallel()
	f := &fakeControlPlane{handle: func(int, *http.Request) (*http.Response, error) {
		return response(http.StatusCreated, "application/json", "{}"), nil
	}}
	for _, c := range []*api.Client{newClient(t, f), newClient(t, f)} {
		if _, err := c.CreateUser(t.Context(), api.CreateUser{Email: "ann@example.com"}); err != nil {
			t.Fatal(err)
		}
	}
	for _, sent := range f.seen() {
		if id := sent.header.Get("Riva-Run-Id"); id == "" || id != api.RunID() {
			t.Errorf("run id %q, want %q", id, api.RunID())
		}
	}
}

func TestRetriesAreLimited(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first func() (*http.Response, error)
		max   int
		check func(error) bool
	}{
		"problems": {
			func() (*http.Response, error) { return problem(503, "unavailable"), nil }, 3,
			func(err error) bool { return api.IsProblem(err, api.ProblemUnavailable) },
		},
		"resets": {
			func() (*http.Response, error) { return nil, errReset }, 3,
			func(err error) bool {
				var unreachable *api.UnreachableError
				return errors.Is(err, errReset) && errors.As(err, &unreachable) && unreachable.Attempts == 4
			},
		},
		"no retries": {
			func() (*http.Response, error) { return nil, errReset }, 0,
			func(err error) bool { return errors.Is(err, errReset) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := &fakeControlPlane{handle: func(int, *http.Request) (*http.Response, error) { return c.first() }}
				client := newClient(t, f, func(o *api.Options) { o.MaxRetries = c.max })
				start := time.Now()
				_, err := client.Cycle(t.Context(), someID, someID)
				if !c.check(err) {
					t.Errorf("error %v", err)
				}
				if n := len(f.seen()); n != c.max+1 {
					t.Errorf("sent %d times", n)
				}
				if took := time.Since(start); took > 10*time.Second {
					t.Errorf("took %s", took)
				}
			})
		})
	}
}

func TestRetryAfterIsHonored(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]func() string{
		"seconds": func() string { return "17" },
		"date":    func() string { return time.Now().Add(17 * time.Second).UTC().Format(http.TimeFormat) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := &fakeControlPlane{handle: func(n int, _ *http.Request) (*http.Response, error) {
					if n == 1 {
						return problem(429, "unavailable", "Retry-After", value()), nil
					}
					return response(http.StatusOK, "application/json", "{}"), nil
				}}
				if _, err := newClient(t, f).Cycle(t.Context(), someID, someID); err != nil {
					t.Fatal(err)
				}
				seen := f.seen()
				if waited := seen[1].at.Sub(seen[0].at); waited != 17*time.Second {
					t.Errorf("waited %s", waited)
				}
			})
		})
	}
}

func TestLongRetryAfterIsReported(t *testing.T) {
	t.Parallel()
	f := &fakeControlPlane{handle: func(int, *http.Request) (*http.Response, error) {
		return problem(429, "unavailable", "Retry-After", "3600"), nil
	}}
	_, err := newClient(t, f).Cycle(t.Context(), someID, someID)
	if err == nil || !strings.Contains(err.Error(), "1h0m0s") {
		t.Errorf("error %v does not contain the wait", err)
	}
}

func TestContextEndsWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &fakeControlPlane{handle: func(int, *http.Request) (*http.Response, error) {
			return problem(503, "unavailable", "Retry-After", "20"), nil
		}}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		_, err := newClient(t, f).Cycle(ctx, someID, someID)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 3*time.Second {
			t.Errorf("error %v after %s", err, time.Since(start))
		}
	})
}

func TestAttemptHasTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &fakeControlPlane{handle: func(_ int, r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}}
		client := newClient(t, f, func(o *api.Options) { o.RequestTimeout, o.MaxRetries = 5*time.Second, 0 })
		start := time.Now()
		_, err := client.Cycle(t.Context(), someID, someID)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 5*time.Second {
			t.Errorf("error %v after %s", err, time.Since(start))
		}
	})
}
