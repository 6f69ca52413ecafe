package api_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"testing"
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
	// pageLatency is added to the latency of pages.
	pageLatency time.Duration
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
		wait := latency
		if r.URL.Query().Has("limit") && !r.URL.Query().Has("id") {
			wait += d.pageLatency
		}
		select {
		case <-time.After(wait):
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
