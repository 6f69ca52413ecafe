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
	// maxRetryAfter is the longest wait that a control plane can ask for and get. Beyond it the caller hears of the problem
	// at once: a person would rather know than watch nothing happen.
	maxRetryAfter = 30 * time.Second
	// The waits that are not asked for begin short and double.
	minBackoff = 250 * time.Millisecond
	maxBackoff = 8 * time.Second
)

// checkRetry asks again only where that makes sense: the context lives, and the wait asked for is bearable.
func checkRetry(again func(*http.Response, error) bool) retryablehttp.CheckRetry {
	return func(ctx context.Context, resp *http.Response, err error) (bool, error) {
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		wait, _ := retryAfter(resp)
		return wait <= maxRetryAfter && again(resp, err), nil
	}
}

// keepLastResponse gives the caller the last answer, unless an error has made it worthless.
func keepLastResponse(resp *http.Response, err error, _ int) (*http.Response, error) {
	if err == nil {
		return resp, nil
	}
	if resp != nil {
		err = errors.Join(err, resp.Body.Close())
	}
	return nil, err
}

// shouldRetry: reads, and mutations under an idempotency key, which happen once however often they are sent. Status 500 is
// not repeated: the same request fails the same way.
func shouldRetry(resp *http.Response, err error) bool {
	if err != nil {
		// What no repetition mends, such as a certificate that is not trusted, the library knows.
		again, _ := retryablehttp.ErrorPropagatedRetryPolicy(context.Background(), nil, err)
		return again
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// shouldRetryTest: a connection test signs in, and sign-ins can lock an account. It is sent again only after an answer that
// says to come later: without Retry-After, a 503 may come from a proxy that lost the answer of a test that ran.
func shouldRetryTest(resp *http.Response, err error) bool {
	if err != nil {
		return false
	}
	_, asked := retryAfter(resp)
	return resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable && asked
}

// backoff waits as long as was asked for, else longer each time, with some chance so that many clients do not come back
// at once.
func backoff(_, _ time.Duration, attempt int, resp *http.Response) time.Duration {
	if wait, asked := retryAfter(resp); asked {
		return wait
	}
	wait := min(minBackoff<<min(attempt, 10), maxBackoff)
	return wait/2 + rand.N(wait/2) //nolint:gosec // chance, not secrecy
}

// retryAfter reads how long an answer asks to wait: seconds or an HTTP date (RFC 9110, section 10.2.3).
func retryAfter(resp *http.Response) (wait time.Duration, asked bool) {
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
