package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

const latency = 50 * time.Millisecond

func id(n int) string { return fmt.Sprintf("0198c1f0-0000-7000-8000-%012d", n) }

// slowControlPlane is a control plane with connections, behind a slow network.
type slowControlPlane struct {
	fakeControlPlane
	mu          sync.Mutex
	connections map[string]api.Connection
	poisoned    string
}

func newSlowControlPlane(t *testing.T, n int) *slowControlPlane {
	t.Helper()
	d := &slowControlPlane{connections: map[string]api.Connection{}}
	for i := range n {
		d.connections[id(i)] = api.Connection{ID: id(i), Name: strconv.Itoa(i)}
	}
	d.handle = func(_ int, r *http.Request) (*http.Response, error) {
		select {
		case <-time.After(latency):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		if r.URL.Path == "/v1/credential-comparisons" {
			return d.compare(t), nil
		}
		page := api.List[api.Connection]{Items: []api.Connection{}}
		for _, id := range r.URL.Query()["id"] {
			if id == d.poisoned {
				return problem(http.StatusUnprocessableEntity, api.ProblemInvalid), nil
			}
			if c, found := d.connections[id]; found {
				page.Items = append(page.Items, c)
			}
		}
		return ok(t, page), nil
	}
	return d
}

// compare returns equal if the password is the connection's id.
func (d *slowControlPlane) compare(t *testing.T) *http.Response {
	t.Helper()
	seen := d.seen()
	var in api.CompareCredentials
	if err := json.Unmarshal([]byte(seen[len(seen)-1].body), &in); err != nil {
		t.Error(err)
	}
	var out api.ComparedCredentials
	for _, c := range in.Comparisons {
		result := api.Unequal
		if c.Credentials["password"] == c.ConnectionID {
			result = api.Equal
		}
		out.Results = append(out.Results, api.ComparisonResult{ConnectionID: c.ConnectionID, Result: result})
	}
	return ok(t, out)
}

// inParallel calls f for 0 to n-1, from a number of goroutines.
func inParallel(n, goroutines int, f func(i int)) {
	next := make(chan int)
	var all sync.WaitGroup
	for range goroutines {
		all.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	all.Wait()
}

func TestReadsShareCalls(t *testing.T) {
	t.Parallel()
	// Terraform runs as many reads at a time as its parallelism, and starts the next one when one has finished. A call cannot have
	// more reads than that, and must not take longer than one call for each read would.
	for _, c := range []struct{ reads, parallelism, maxCalls int }{
		{1, 10, 1}, {10, 10, 2}, {1000, 1, 1000}, {1000, 10, 102}, {1000, 100, 12}, {1000, 1000, 11},
	} {
		t.Run(fmt.Sprintf("%d by %d", c.reads, c.parallelism), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newSlowControlPlane(t, c.reads)
				client := newClient(t, &d.fakeControlPlane)
				start := time.Now()
				inParallel(c.reads, c.parallelism, func(i int) {
					if found, err := client.Connection(t.Context(), id(i)); err != nil || found.Name != strconv.Itoa(i) {
						t.Errorf("connection %d: %+v, %v", i, found, err)
					}
				})
				calls, took := len(d.seen()), time.Since(start)
				t.Logf("%d reads by %d took %d calls and %s", c.reads, c.parallelism, calls, took)
				if calls > c.maxCalls {
					t.Errorf("%d calls, want at most %d", calls, c.maxCalls)
				}
				if limit := time.Duration(c.maxCalls+1) * (latency + 5*time.Millisecond); took > limit {
					t.Errorf("took %s, want at most %s", took, limit)
				}
				for _, r := range d.seen() {
					if n := len(r.query["id"]); n > 100 {
						t.Errorf("%d ids in one call", n)
					}
				}
			})
		})
	}
}

func TestComparisonsShareCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newSlowControlPlane(t, 0)
		client := newClient(t, &d.fakeControlPlane)
		inParallel(1000, 10, func(i int) {
			want, password := api.Equal, id(i)
			if i%3 == 0 {
				want, password = api.Unequal, "another"
			}
			got, err := client.Compare(t.Context(), api.Comparison{
				ConnectionID: id(i), Credentials: map[string]string{"password": password},
			})
			if err != nil || got != want {
				t.Errorf("connection %d: %q, %v", i, got, err)
			}
		})
		if calls := len(d.seen()); calls > 102 {
			t.Errorf("%d calls", calls)
		}
	})
}

func TestLargeComparisonsFitLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newSlowControlPlane(t, 0)
		client := newClient(t, &d.fakeControlPlane)
		large := make([]byte, 100<<10)
		for i := range large {
			large[i] = 'x'
		}
		inParallel(40, 40, func(i int) {
			_, err := client.Compare(t.Context(), api.Comparison{
				ConnectionID: id(i), Credentials: map[string]string{"private_key": string(large)},
			})
			if err != nil {
				t.Error(err)
			}
		})
		for _, r := range d.seen() {
			if len(r.body) > 1<<20 {
				t.Errorf("a body of %d bytes", len(r.body))
			}
		}
	})
}

// A read that starts after a write has returned sees the write, regardless of other reads that are running.
func TestReadsDoNotJoinEarlierCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newSlowControlPlane(t, 1)
		client := newClient(t, &d.fakeControlPlane)
		stop := make(chan struct{})
		var readers sync.WaitGroup
		for range 5 {
			readers.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					if _, err := client.Connection(t.Context(), id(0)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for i := range 50 {
			time.Sleep(7 * time.Millisecond) //nolint:forbidigo // virtual time: a write can happen at any time of a call
			name := "written " + strconv.Itoa(i)
			d.mu.Lock()
			d.connections[id(0)] = api.Connection{ID: id(0), Name: name}
			d.mu.Unlock()
			if found, err := client.Connection(t.Context(), id(0)); err != nil || found.Name != name {
				t.Errorf("after writing %q: %q, %v", name, found.Name, err)
			}
		}
		close(stop)
		readers.Wait()
	})
}

func TestSharedCallsAndContexts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newSlowControlPlane(t, 3)
		client := newClient(t, &d.fakeControlPlane)
		short, cancel := context.WithTimeout(t.Context(), latency/2)
		defer cancel()
		start := time.Now()
		var all sync.WaitGroup
		all.Go(func() { // is sent at once, and canceled during the call
			if _, err := client.Connection(short, id(0)); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error %v", err)
			}
			if took := time.Since(start); took != latency/2 {
				t.Errorf("returned after %s", took)
			}
		})
		synctest.Wait()
		all.Go(func() { // waits for the next call, and is canceled before it
			if _, err := client.Connection(short, id(1)); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error %v", err)
			}
		})
		all.Go(func() { // is not affected
			if _, err := client.Connection(t.Context(), id(2)); err != nil {
				t.Error(err)
			}
		})
		all.Wait()
		if seen := d.seen(); len(seen) != 2 || len(seen[1].query["id"]) > 2 {
			t.Errorf("requests %+v", seen)
		}
	})
}

func TestBatchErrorIsPerCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newSlowControlPlane(t, 6)
		d.poisoned = id(3)
		client := newClient(t, &d.fakeControlPlane)
		inParallel(8, 8, func(i int) {
			_, err := client.Connection(t.Context(), id(i))
			switch {
			case i == 3 && !api.IsProblem(err, api.ProblemInvalid), i > 5 && !api.IsNotFound(err), i < 6 && i != 3 && err != nil:
				t.Errorf("connection %d: %v", i, err)
			}
		})
	})
}

func TestBatchIsolatesBadRequest(t *testing.T) {
	t.Parallel()
	f := &fakeControlPlane{handle: func(int, *http.Request) (*http.Response, error) {
		return problem(http.StatusNotFound, api.ProblemNotFound), nil
	}}
	if _, err := newClient(t, f).Connection(t.Context(), "no id?at=all"); !api.IsNotFound(err) {
		t.Errorf("error %v", err)
	}
	if seen := f.seen(); seen[0].path != "/v1/connections/no id?at=all" || len(seen[0].query) != 0 {
		t.Errorf("request %+v", seen[0])
	}
}

func TestConstantsAreFetchedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &fakeControlPlane{}
		f.handle = func(n int, r *http.Request) (*http.Response, error) {
			<-time.After(latency)
			switch {
			case n == 1:
				return problem(http.StatusForbidden, api.ProblemScope), nil
			case r.URL.Path == "/v1/instance":
				return ok(t, api.Instance{ID: "i"}), nil
			}
			return ok(t, api.List[api.TargetSystem]{Items: []api.TargetSystem{{Name: "exchange"}}}), nil
		}
		client := newClient(t, f)
		if _, err := client.Instance(t.Context()); !api.IsProblem(err, api.ProblemScope) {
			t.Errorf("error %v", err)
		}
		inParallel(50, 10, func(int) {
			if instance, err := client.Instance(t.Context()); err != nil || instance.ID != "i" {
				t.Errorf("instance %+v, %v", instance, err)
			}
			if systems, err := client.TargetSystems(t.Context()); err != nil || len(systems) != 1 {
				t.Errorf("systems %+v, %v", systems, err)
			}
		})
		if n := len(f.seen()); n != 3 {
			t.Errorf("%d requests", n)
		}
	})
}
