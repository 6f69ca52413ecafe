package api_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// listedControlPlane is a control plane with users, behind a slow network, that filters and pages lists.
type listedControlPlane struct {
	fakeControlPlane
	mu    sync.Mutex
	users []api.User
	// perPage is the largest page; zero is that of the contract.
	perPage int
	// onPage is called for a request of a page, before the response is made; a response of its own replaces that. It may be nil.
	onPage func(r *http.Request) (*http.Response, error)
	// sent is the number of users in responses.
	sent int
}

func newListedControlPlane(t *testing.T, n int) *listedControlPlane {
	t.Helper()
	d := &listedControlPlane{users: make([]api.User, n)}
	for i := range n {
		d.users[i] = api.User{ID: id(i), Revision: 1}
	}
	d.handle = func(_ int, r *http.Request) (*http.Response, error) {
		response, err := d.respond(t, r)
		select {
		case <-time.After(latency):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
		return response, err
	}
	return d
}

// respond has the users as they are when the request arrives. The response takes its time.
func (d *listedControlPlane) respond(t *testing.T, r *http.Request) (*http.Response, error) {
	t.Helper()
	query := r.URL.Query()
	if r.Method != http.MethodGet {
		return ok(t, api.TestResult{Passed: true}), nil
	}
	if d.onPage != nil && !query.Has("id") {
		if response, err := d.onPage(r); response != nil || err != nil {
			return response, err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	page := api.List[api.User]{Items: []api.User{}}
	limit, _ := strconv.Atoi(query.Get("limit"))
	if d.perPage > 0 {
		limit = min(limit, d.perPage)
	}
	for _, user := range d.users {
		switch {
		case query.Has("id") && !slices.Contains(query["id"], user.ID), user.ID <= query.Get("cursor"):
			continue
		case len(page.Items) == limit:
			page.Next = page.Items[limit-1].ID
		default:
			page.Items = append(page.Items, user)
		}
	}
	d.sent += len(page.Items)
	return ok(t, page), nil
}

// change makes another writer change all users.
func (d *listedControlPlane) change() (revision int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.users {
		d.users[i].Revision++
		revision = d.users[i].Revision
	}
	return revision
}

func (d *listedControlPlane) remove(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.users = slices.DeleteFunc(d.users, func(u api.User) bool { return u.ID == id })
}

// pages are the requests of pages.
func (d *listedControlPlane) pages() (pages []request) {
	for _, r := range d.seen() {
		if r.method == http.MethodGet && !url.Values(r.query).Has("id") {
			pages = append(pages, r)
		}
	}
	return pages
}

// shuffled returns the numbers below n in an order that looks random and is always the same.
func shuffled(n int) []int {
	order := make([]int, n)
	for i := range n {
		order[i] = i * 7919 % n // a prime number that does not divide n
	}
	return order
}

// warmUp reads until a page has been read. It returns the number of users read.
func (d *listedControlPlane) warmUp(t *testing.T, client *api.Client) int {
	t.Helper()
	for i := range 3 {
		if _, err := client.RecentUser(t.Context(), id(i)); err != nil {
			t.Fatal(err)
		}
	}
	if len(d.pages()) != 1 {
		t.Fatalf("%d pages were read", len(d.pages()))
	}
	return 3
}

func TestManyReadsTakeFewCalls(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ total, parallelism, maxCalls int }{
		{1000, 1, 12}, {1000, 2, 12}, {1000, 10, 8}, {1000, 100, 6}, {1000, 1000, 11}, {500, 10, 6}, {400, 10, 3},
		{5000, 10, 30}, {10000, 10, 65},
	} {
		t.Run(fmt.Sprintf("%d by %d", c.total, c.parallelism), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newListedControlPlane(t, c.total)
				client := newClient(t, &d.fakeControlPlane)
				order := shuffled(c.total)
				start := time.Now()
				inParallel(c.total, c.parallelism, func(i int) {
					if found, err := client.RecentUser(t.Context(), id(order[i])); err != nil || found.ID != id(order[i]) {
						t.Errorf("user %d: %+v, %v", order[i], found, err)
					}
				})
				calls := len(d.seen())
				t.Logf("%d calls, %d of them for pages, in %s", calls, len(d.pages()), time.Since(start))
				if calls > c.maxCalls {
					t.Errorf("%d calls, want at most %d", calls, c.maxCalls)
				}
			})
		})
	}
}

func TestFewReadsOfManyObjectsStaySmall(t *testing.T) {
	t.Parallel()
	for name, wanted := range map[string][]int{
		"first": {0, 1, 2, 3, 4}, "last": {9995, 9996, 9997, 9998, 9999}, "spread": {0, 2500, 5000, 7500, 9999},
		"the last one elsewhere": {0, 1, 2, 3, 9999}, "the first one elsewhere": {9999, 0, 1, 2, 3},
	} {
		for _, parallelism := range []int{1, 2, 10} {
			t.Run(fmt.Sprintf("%s by %d", name, parallelism), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					d := newListedControlPlane(t, 10_000)
					client := newClient(t, &d.fakeControlPlane)
					inParallel(len(wanted), parallelism, func(i int) {
						if _, err := client.RecentUser(t.Context(), id(wanted[i])); err != nil {
							t.Error(err)
						}
					})
					if calls := len(d.seen()); calls > 7 || d.sent > 500 {
						t.Errorf("%d calls with %d users", calls, d.sent)
					}
				})
			})
		}
	}
}

// Whoever reads slowly does not read a page every ten seconds.
func TestSlowReadsDoNotReadPageAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newListedControlPlane(t, 10_000)
		client := newClient(t, &d.fakeControlPlane)
		for i := range 20 {
			if _, err := client.RecentUser(t.Context(), id(400*i)); err != nil {
				t.Error(err)
			}
			time.Sleep(11 * time.Second) //nolint:forbidigo // virtual time
		}
		if n := len(d.pages()); n != 1 {
			t.Errorf("%d pages", n)
		}
	})
}

// Between writes, as in an apply, a page is hardly used. It is not read again after each of them.
func TestReadsBetweenWritesDoNotReadPageAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newListedControlPlane(t, 10_000)
		client := newClient(t, &d.fakeControlPlane)
		for i := range 200 {
			if _, err := client.RecentUser(t.Context(), id(i)); err != nil {
				t.Error(err)
			}
			if i%4 == 3 {
				if _, err := client.UpdateUser(t.Context(), id(i), 0, api.UpdateUser{}); err != nil {
					t.Error(err)
				}
			}
		}
		if n := len(d.pages()); n != 1 {
			t.Errorf("%d pages", n)
		}
	})
}

func TestRecentReadIsAtMostTenSecondsOld(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newListedControlPlane(t, 300)
		client := newClient(t, &d.fakeControlPlane)
		read := d.warmUp(t, client)
		changed := time.Now()
		revision := d.change() // by another writer
		noticed := false
		for i := 0; !noticed; i++ {
			found, err := client.RecentUser(t.Context(), id(read+i%200))
			if err != nil {
				t.Fatal(err)
			}
			age := time.Since(changed)
			if noticed = found.Revision == revision; !noticed && age > 10*time.Second {
				t.Fatalf("the change is not noticed after %s", age)
			}
			if noticed && age < 5*time.Second {
				t.Errorf("nothing was remembered: the change was noticed after %s", age)
			}
			time.Sleep(100 * time.Millisecond) //nolint:forbidigo // virtual time
		}
		if found, err := client.User(t.Context(), id(0)); err != nil || found.Revision != revision {
			t.Errorf("a current read: %+v, %v", found, err)
		}
	})
}

func TestOwnWriteEndsMemory(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(context.Context, *api.Client) error{
		"update":      func(ctx context.Context, c *api.Client) error { _, err := c.UpdateUser(ctx, id(0), 0, api.UpdateUser{}); return err },
		"other kind":  func(ctx context.Context, c *api.Client) error { return c.DeletePolicy(ctx, id(0)) },
		"test":        func(ctx context.Context, c *api.Client) error { _, err := c.RunTest(ctx, id(0), api.RunTest{}); return err },
		"cycle":       func(ctx context.Context, c *api.Client) error { _, err := c.StartCycle(ctx, id(0)); return err },
		"cycle's end": func(ctx context.Context, c *api.Client) error { _, err := c.Cycle(ctx, id(0), id(1)); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newListedControlPlane(t, 300)
				d.onPage = func(r *http.Request) (*http.Response, error) {
					if r.URL.Path == "/v1/users" {
						return nil, nil //nolint:nilnil // the page
					}
					return ok(t, api.Cycle{State: api.CycleFinished}), nil
				}
				client := newClient(t, &d.fakeControlPlane)
				d.warmUp(t, client)
				revision := d.change()
				if found, err := client.RecentUser(t.Context(), id(7)); err != nil || found.Revision == revision {
					t.Fatalf("before the write: %+v, %v", found, err)
				}
				if err := write(t.Context(), client); err != nil {
					t.Fatal(err)
				}
				for i := range 10 {
					if found, err := client.RecentUser(t.Context(), id(i)); err != nil || found.Revision != revision {
						t.Errorf("after the write: %+v, %v", found, err)
					}
				}
			})
		})
	}
}

func TestComparisonKeepsMemory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newListedControlPlane(t, 300)
		client := newClient(t, &d.fakeControlPlane)
		d.warmUp(t, client)
		_, _ = client.Compare(t.Context(), api.Comparison{ConnectionID: id(0)}) // the result does not matter
		before := len(d.seen())
		if _, err := client.RecentUser(t.Context(), id(7)); err != nil || len(d.seen()) != before {
			t.Errorf("%d calls, %v", len(d.seen())-before, err)
		}
	})
}

// Several goroutines read while this client and another one write at any time of a call. No read that starts after an own write
// may have an object from before it.
func TestNoReadIsOlderThanLastOwnWrite(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newListedControlPlane(t, 1000)
		client := newClient(t, &d.fakeControlPlane)
		var mu sync.Mutex
		var written int64 // the revision at the end of the last own write
		stop := make(chan struct{})
		var all sync.WaitGroup
		for reader := range 10 {
			all.Go(func() {
				for i := reader; ; i += 13 {
					select {
					case <-stop:
						return
					default:
					}
					mu.Lock()
					least := written
					mu.Unlock()
					found, err := client.RecentUser(t.Context(), id(i%1000))
					if err != nil || found.Revision < least {
						t.Errorf("revision %d after the write of %d, %v", found.Revision, least, err)
					}
					time.Sleep(time.Millisecond) //nolint:forbidigo // virtual time
				}
			})
		}
		for i := range 60 {
			time.Sleep(time.Duration(37*i%400) * time.Millisecond) //nolint:forbidigo // virtual time: at any time of a call
			revision := d.change()
			if _, err := client.UpdateUser(t.Context(), id(0), 0, api.UpdateUser{}); err != nil {
				t.Error(err)
			}
			mu.Lock()
			written = revision
			mu.Unlock()
		}
		close(stop)
		all.Wait()
		if len(d.pages()) < 2 {
			t.Errorf("%d pages: nothing was read ahead", len(d.pages()))
		}
	})
}

// A page that is on its way when a write ends is not remembered, also not by readers that arrive before it does.
func TestPageThatCrossesWriteIsNotRemembered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newListedControlPlane(t, 300)
		client := newClient(t, &d.fakeControlPlane)
		for i := range 2 {
			if _, err := client.RecentUser(t.Context(), id(i)); err != nil {
				t.Fatal(err)
			}
		}
		var reads sync.WaitGroup
		reads.Go(func() { // reads the page as it was before the write
			if _, err := client.RecentUser(t.Context(), id(2)); err != nil {
				t.Error(err)
			}
		})
		d.onPage = func(*http.Request) (*http.Response, error) {
			<-time.After(2 * latency) // longer than the write takes
			return nil, nil           //nolint:nilnil // the page
		}
		time.Sleep(time.Millisecond) //nolint:forbidigo // virtual time
		revision := d.change()
		if _, err := client.UpdateUser(t.Context(), id(0), 0, api.UpdateUser{}); err != nil {
			t.Fatal(err)
		}
		for i := range 5 {
			reads.Go(func() {
				if found, err := client.RecentUser(t.Context(), id(10+i)); err != nil || found.Revision != revision {
					t.Errorf("%+v, %v", found, err)
				}
			})
		}
		reads.Wait()
	})
}

func TestMissingObjectIsAskedForByID(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newListedControlPlane(t, 300)
		client := newClient(t, &d.fakeControlPlane)
		d.warmUp(t, client)
		created := api.User{ID: id(900), Revision: 1} // after the page was read
		d.mu.Lock()
		d.users = append(d.users, created)
		d.mu.Unlock()
		if found, err := client.RecentUser(t.Context(), created.ID); err != nil || found.ID != created.ID {
			t.Errorf("a new object: %+v, %v", found, err)
		}
		_, err := client.RecentUser(t.Context(), id(901))
		if seen := d.seen(); !api.IsNotFound(err) || !slices.Equal(seen[len(seen)-1].query["id"], []string{id(901)}) {
			t.Errorf("a missing object: %v, last request %+v", err, seen[len(seen)-1])
		}
	})
}

// The next run is another client. In the same run, a deletion by another writer is noticed after ten seconds.
func TestDeletionElsewhereIsNoticed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newListedControlPlane(t, 300)
		client := newClient(t, &d.fakeControlPlane)
		d.warmUp(t, client)
		d.remove(id(7))
		if _, err := client.RecentUser(t.Context(), id(7)); err != nil {
			t.Errorf("the object is not remembered: %v", err)
		}
		if _, err := newClient(t, &d.fakeControlPlane).RecentUser(t.Context(), id(7)); !api.IsNotFound(err) {
			t.Errorf("the next run: %v", err)
		}
		time.Sleep(10 * time.Second) //nolint:forbidigo // virtual time
		if _, err := client.RecentUser(t.Context(), id(7)); !api.IsNotFound(err) {
			t.Errorf("ten seconds later: %v", err)
		}
	})
}

func TestFailingPageIsNotVisible(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(r *http.Request) (*http.Response, error){
		"not allowed": func(*http.Request) (*http.Response, error) { return problem(http.StatusForbidden, api.ProblemScope), nil },
		"unavailable": func(*http.Request) (*http.Response, error) {
			return problem(http.StatusServiceUnavailable, api.ProblemUnavailable, "Retry-After", "5"), nil
		},
		"no response": func(*http.Request) (*http.Response, error) { return nil, errReset },
		"no end": func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		},
		"no list": func(*http.Request) (*http.Response, error) { return response(http.StatusOK, "text/html", "Sign in"), nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newListedControlPlane(t, 300)
				d.onPage = fail
				client := newClient(t, &d.fakeControlPlane)
				inParallel(300, 10, func(i int) {
					start := time.Now()
					if found, err := client.RecentUser(t.Context(), id(i)); err != nil || found.ID != id(i) {
						t.Errorf("user %d: %+v, %v", i, found, err)
					}
					if took := time.Since(start); took > 11*time.Second {
						t.Errorf("user %d took %s", i, took)
					}
				})
				if calls := len(d.seen()); calls > 45 {
					t.Errorf("%d calls", calls)
				}
			})
		})
	}
}

func TestSmallPagesAreBounded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ perPage, maxPages int }{"small": {50, 20}, "tiny": {1, 100}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newListedControlPlane(t, 1000)
				d.perPage = c.perPage
				client := newClient(t, &d.fakeControlPlane)
				order := shuffled(1000)
				inParallel(1000, 10, func(i int) {
					if found, err := client.RecentUser(t.Context(), id(order[i])); err != nil || found.ID != id(order[i]) {
						t.Errorf("user %d: %+v, %v", order[i], found, err)
					}
				})
				if n := len(d.pages()); n > c.maxPages {
					t.Errorf("%d pages", n)
				}
			})
		})
	}
}

func TestCanceledReadsDoNotDisturbOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newListedControlPlane(t, 1000)
		client := newClient(t, &d.fakeControlPlane)
		canceled := 0
		var mu sync.Mutex
		inParallel(1000, 10, func(i int) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			if i%3 == 0 { // at any time of a call
				cancel()
				ctx, cancel = context.WithTimeout(t.Context(), time.Duration(i%60)*time.Millisecond)
			}
			defer cancel()
			found, err := client.RecentUser(ctx, id(i))
			switch {
			case i%3 == 0 && errors.Is(err, context.DeadlineExceeded):
				mu.Lock()
				canceled++
				mu.Unlock()
			case err != nil || found.ID != id(i):
				t.Errorf("user %d: %+v, %v", i, found, err)
			}
		})
		if canceled == 0 || len(d.pages()) == 0 {
			t.Errorf("%d were canceled, %d pages", canceled, len(d.pages()))
		}
	})
}
