package api_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

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
		"update": func(ctx context.Context, c *api.Client) error {
			_, err := c.UpdateUser(ctx, id(0), 0, api.UpdateUser{})
			return err
		},
		"other kind": func(ctx context.Context, c *api.Client) error { return c.DeletePolicy(ctx, id(0)) },
		"test": func(ctx context.Context, c *api.Client) error {
			_, err := c.RunTest(ctx, id(0), api.RunTest{})
			return err
		},
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
		for i := range 30 {
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
		d.pageLatency = 2 * latency // the write takes less
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
