package api

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const (
	// maxRetryAfter is the longest Retry-After that the client waits for. If the control plane asks for more, the caller gets
	// the problem at once, because users prefer an error to a long wait.
	maxRetryAfter = 30 * time.Second
	// Without a Retry-After, the first wait is short, and each one is twice as long as the one before.
	minBackoff = 250 * time.Millisecond
	maxBackoff = 8 * time.Second
)

// checkRetry retries if the context has not ended, the requested wait is not too long, and retry returns true.
func checkRetry(retry func(*http.Response, error) bool) retryablehttp.CheckRetry {
	return func(ctx context.Context, resp *http.Response, err error) (bool, error) {
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		wait, _ := retryAfter(resp)
		return wait <= maxRetryAfter && retry(resp, err), nil
	}
}

// keepLastResponse returns the last response after all retries, unless there was an error.
func keepLastResponse(resp *http.Response, err error, _ int) (*http.Response, error) {
	if err == nil {
		return resp, nil
	}
	if resp != nil {
		err = errors.Join(err, resp.Body.Close())
	}
	return nil, err
}

// shouldRetry is the policy for reads, and for mutations with an idempotency key, which run once even if they are sent several
// times. Status 500 is not retried: the same request fails again.
func shouldRetry(resp *http.Response, err error) bool {
	if _, missing := errors.AsType[*NoControlPlaneError](err); missing {
		return false
	}
	if database, ok := errors.AsType[*DatabaseError](err); ok {
		return database.Passes
	}
	if err != nil {
		// The library knows which errors are permanent, such as a certificate that is not trusted.
		retry, _ := retryablehttp.ErrorPropagatedRetryPolicy(context.Background(), nil, err)
		return retry
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// shouldRetryTest is the policy for connection tests: they sign in, and sign-ins can lock an account. A test is retried only if
// the response asks to retry later. Without Retry-After, a 503 may come from a proxy that lost the response of a test that ran.
func shouldRetryTest(resp *http.Response, err error) bool {
	if err != nil {
		return false
	}
	_, requested := retryAfter(resp)
	return resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable && requested
}

// backoff returns the requested wait, else one that is longer with each attempt. A random part keeps many clients from retrying
// at the same time.
func backoff(_, _ time.Duration, attempt int, resp *http.Response) time.Duration {
	if wait, requested := retryAfter(resp); requested {
		return wait
	}
	wait := min(minBackoff<<min(attempt, 10), maxBackoff)
	return wait/2 + rand.N(wait/2) //nolint:gosec // it need not be secret
}

// retryAfter returns the wait that a response requests, in seconds or as an HTTP date (RFC 9110, section 10.2.3).
func retryAfter(resp *http.Response) (wait time.Duration, requested bool) {
	if resp == nil {
		return 0, false
	}
	value := resp.Header.Get("Retry-After")
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		return max(time.Duration(seconds)*time.Second, 0), true
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(time.Until(at), 0), true
	}
	return 0, false
}
