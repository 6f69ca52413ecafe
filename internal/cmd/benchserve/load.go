package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// request makes the n-th request of a client.
type request func(ctx context.Context, client, n int) (*http.Request, error)

// load is what clients do for a while, each one request after the other.
type load struct {
	clients int
	length  time.Duration
	// want is the status of a success; ok decides instead if it is not nil.
	want int
	ok   func(status int) bool
	next request
}

// outcome is what a load measured.
type outcome struct {
	perSecond int64
	p99       time.Duration
	// limited counts the responses 429 and 503 with Retry-After: limits that the server states.
	limited int64
	// failed counts all other requests without success, and failure is one of them.
	failed  int64
	failure error
}

// clientResult has what one client measured.
type clientResult struct {
	took            []time.Duration
	limited, failed int64
	failure         error
}

// run runs the load. It returns an error if the context ends before.
func (l load) run(ctx context.Context, client *http.Client) (outcome, error) {
	timed, cancel := context.WithTimeout(ctx, l.length)
	defer cancel()
	results := make([]clientResult, l.clients)
	began := time.Now()
	var clients sync.WaitGroup
	for i := range results {
		clients.Go(func() { results[i] = l.client(timed, client, i) })
	}
	clients.Wait()
	length := time.Since(began)
	if ctx.Err() != nil {
		return outcome{}, context.Cause(ctx)
	}
	var out outcome
	var took []time.Duration
	for _, r := range results {
		took = append(took, r.took...)
		out.limited += r.limited
		out.failed += r.failed
		out.failure = errors.Join(out.failure, r.failure)
	}
	slices.Sort(took)
	if len(took) > 0 {
		out.p99 = took[(len(took)-1)*99/100]
	}
	out.perSecond = int64(float64(len(took)) / length.Seconds())
	return out, nil
}

// client is the life of one client. What the end of the load interrupts does not count.
func (l load) client(ctx context.Context, client *http.Client, number int) clientResult {
	var r clientResult
	for n := 0; ctx.Err() == nil; n++ {
		began := time.Now()
		status, limited, err := l.once(ctx, client, number, n)
		switch {
		case ctx.Err() != nil:
		case limited:
			r.limited++
		case err != nil || !l.succeeded(status):
			r.failed++
			if r.failure == nil {
				r.failure = errors.Join(err, fmt.Errorf("client %d, request %d: status %d", number, n, status))
			}
		default:
			r.took = append(r.took, time.Since(began))
		}
	}
	return r
}

func (l load) succeeded(status int) bool {
	if l.ok != nil {
		return l.ok(status)
	}
	return status == l.want
}

func (l load) once(ctx context.Context, client *http.Client, number, n int) (status int, limited bool, err error) {
	request, err := l.next(ctx, number, n)
	if err != nil {
		return 0, false, err
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, false, err
	}
	_, err = io.Copy(io.Discard, response.Body)
	limited = response.Header.Get("Retry-After") != "" &&
		(response.StatusCode == http.StatusTooManyRequests || response.StatusCode == http.StatusServiceUnavailable)
	return response.StatusCode, limited, errors.Join(err, response.Body.Close())
}
