package api_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// shuffled returns the numbers below n in an order that looks random and is always the same.
func shuffled(n int) []int {
	order := make([]int, n)
	for i := range n {
		order[i] = i * 7919 % n // a prime number that does not divide n
	}
	return order
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

// A slow reader does not read a page every ten seconds.
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
