package api_test

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// pagedUsers returns a list of users in pages of a size. The cursor is the number of the first user of the next page.
func pagedUsers(t *testing.T, total, perPage int) *fakeControlPlane {
	t.Helper()
	return &fakeControlPlane{handle: func(_ int, r *http.Request) (*http.Response, error) {
		limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
		if err != nil || limit < 1 || limit > api.MaxPage {
			t.Errorf("limit %q", r.URL.Query().Get("limit"))
		}
		from, _ := strconv.Atoi(r.URL.Query().Get("cursor"))
		page := api.List[api.User]{Items: []api.User{}}
		for i := from; i < min(total, from+min(limit, perPage)); i++ {
			page.Items = append(page.Items, api.User{ID: strconv.Itoa(i)})
		}
		if next := from + len(page.Items); next < total {
			page.Next = strconv.Itoa(next)
		}
		return ok(t, page), nil
	}}
}

func TestWholeListIsRead(t *testing.T) {
	t.Parallel()
	for _, total := range []int{0, 1, 500, 501, 1700, api.MaxItems} {
		users, err := newClient(t, pagedUsers(t, total, api.MaxPage)).Users(t.Context(), api.UserFilter{})
		if err != nil || len(users) != total {
			t.Fatalf("%d of %d users, %v", len(users), total, err)
		}
		for i, user := range users {
			if user.ID != strconv.Itoa(i) {
				t.Fatalf("user %d is %s", i, user.ID)
			}
		}
	}
}

func TestLongListIsError(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]*fakeControlPlane{
		"too many items": pagedUsers(t, api.MaxItems+1, api.MaxPage),
		"too many pages": pagedUsers(t, api.MaxItems, 1),
		"no end": {handle: func(int, *http.Request) (*http.Response, error) {
			return ok(t, api.List[api.User]{Next: "again"}), nil
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var tooMany *api.TooManyError
			if _, err := newClient(t, f).Users(t.Context(), api.UserFilter{}); !errors.As(err, &tooMany) || tooMany.What != "users" {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestSyncLogsStopAtLimit(t *testing.T) {
	t.Parallel()
	for limit, want := range map[int]struct{ items, calls int }{7: {7, 1}, 700: {700, 2}, 5000: {1200, 3}, 0: {1200, 3}} {
		f := pagedUsers(t, 1200, api.MaxPage)
		logs, err := newClient(t, f).SyncLogs(t.Context(), api.SyncLogFilter{}, limit)
		if err != nil || len(logs) != want.items || len(f.seen()) != want.calls {
			t.Errorf("limit %d: %d logs in %d calls, %v", limit, len(logs), len(f.seen()), err)
		}
	}
}

func TestFilterIsSent(t *testing.T) {
	t.Parallel()
	yes := true
	since := time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))
	for name, c := range map[string]struct {
		call func(*api.Client) error
		want url.Values
	}{
		"connections": {
			func(client *api.Client) error {
				_, err := client.Connections(t.Context(), api.ConnectionFilter{Name: "a & b", Kind: "crm", System: "x", Status: "blank"})
				return err
			},
			url.Values{"name": {"a & b"}, "kind": {"crm"}, "system": {"x"}, "status": {"blank"}, "limit": {"500"}},
		},
		"policies": {
			func(client *api.Client) error {
				_, err := client.Policies(t.Context(), api.PolicyFilter{Name: "p", ConnectionID: "c"})
				return err
			},
			url.Values{"name": {"p"}, "connection_id": {"c"}, "limit": {"500"}},
		},
		"users": {
			func(client *api.Client) error {
				_, err := client.Users(t.Context(), api.UserFilter{Email: "ann+x@example.com", Enabled: &yes, SyncPolicyID: "p"})
				return err
			},
			url.Values{"email": {"ann+x@example.com"}, "enabled": {"true"}, "sync_policy_id": {"p"}, "limit": {"500"}},
		},
		"sync logs": {
			func(client *api.Client) error {
				_, err := client.SyncLogs(t.Context(), api.SyncLogFilter{
					UserEmail: "u", PolicyID: "p", ConnectionID: "c", CycleID: "y", OnlyErrors: true, Since: since,
				}, 9)
				return err
			},
			url.Values{
				"user_email": {"u"}, "policy_id": {"p"}, "connection_id": {"c"}, "cycle_id": {"y"}, "only_errors": {"true"},
				"since": {"2026-01-02T02:04:05Z"}, "limit": {"9"},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fakeControlPlane{handle: func(int, *http.Request) (*http.Response, error) {
				return response(http.StatusOK, "application/json", `{"items":[]}`), nil
			}}
			if err := c.call(newClient(t, f)); err != nil {
				t.Fatal(err)
			}
			if got := url.Values(f.seen()[0].query).Encode(); got != c.want.Encode() {
				t.Errorf("query %s, want %s", got, c.want.Encode())
			}
		})
	}
}

func TestUnknownNames(t *testing.T) {
	t.Parallel()
	f := &fakeControlPlane{handle: func(int, *http.Request) (*http.Response, error) {
		return response(http.StatusOK, "application/json", `{"items":[]}`), nil
	}}
	c := newClient(t, f)
	for object, find := range map[string]func() error{
		"connection":  func() error { _, err := c.ConnectionByName(t.Context(), "x"); return err },
		"sync policy": func() error { _, err := c.PolicyByName(t.Context(), "x"); return err },
		"user":        func() error { _, err := c.UserByEmail(t.Context(), "x"); return err },
	} {
		if err := find(); !api.IsNotFound(err) {
			t.Errorf("%s: %v", object, err)
		}
	}
}

func TestListStopsAtLimit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		total, perPage, limit, stop int
		want, calls                 int
	}{
		"a limit below a page":     {total: 1700, perPage: api.MaxPage, limit: 3, want: 3, calls: 1},
		"a limit over three pages": {total: 1700, perPage: api.MaxPage, limit: 1001, want: 1001, calls: 3},
		"as many as the limit":     {total: 10, perPage: api.MaxPage, limit: 10, want: 10, calls: 1},
		"fewer than the limit":     {total: 7, perPage: 5, limit: 100, want: 7, calls: 2},
		"an empty list":            {limit: 100, perPage: 1, calls: 1},
		"without a limit":          {total: 1200, perPage: api.MaxPage, want: 1200, calls: 3},
		"a caller that stops":      {total: 1700, perPage: api.MaxPage, stop: 600, want: 600, calls: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := pagedUsers(t, c.total, c.perPage)
			got := 0
			for user, err := range newClient(t, f).EachUser(t.Context(), api.UserFilter{}, c.limit) {
				if err != nil || user.ID != strconv.Itoa(got) {
					t.Fatalf("user %d is %q, %v", got, user.ID, err)
				}
				if got++; got == c.stop {
					break
				}
			}
			if calls := len(f.seen()); got != c.want || calls != c.calls {
				t.Errorf("%d users in %d calls, want %d in %d", got, calls, c.want, c.calls)
			}
		})
	}
}

func TestEndlessListIsError(t *testing.T) {
	t.Parallel()
	got, last := 0, error(nil)
	for _, err := range newClient(t, pagedUsers(t, api.MaxItems+1, api.MaxPage)).EachUser(t.Context(), api.UserFilter{}, 0) {
		if last != nil {
			t.Fatal("the list continues after the error")
		}
		if last = err; err == nil {
			got++
		}
	}
	if tooMany := new(api.TooManyError); got != api.MaxItems || !errors.As(last, &tooMany) {
		t.Errorf("%d users, then %v", got, last)
	}
}
