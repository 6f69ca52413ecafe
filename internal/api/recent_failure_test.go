package api_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

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

func TestFailingPageIsNotVisible(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(r *http.Request) (*http.Response, error){
		"not allowed": func(*http.Request) (*http.Response, error) {
			return problem(http.StatusForbidden, api.ProblemScope), nil
		},
		"unavailable": func(*http.Request) (*http.Response, error) {
			return problem(http.StatusServiceUnavailable, api.ProblemUnavailable, "Retry-After", "5"), nil
		},
		"no response": func(*http.Request) (*http.Response, error) { return nil, errReset },
		"no end": func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		},
		"no list": func(*http.Request) (*http.Response, error) {
			return response(http.StatusOK, "text/html", "Sign in"), nil
		},
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
