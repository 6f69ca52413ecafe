package api_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

func TestInvalidIDIsNotSent(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"", ".", "..", "../users", "a/b", someID + "/", "/", "x/../" + someID} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			f := &fakeControlPlane{handle: func(int, *http.Request) (*http.Response, error) { return ok(t, struct{}{}), nil }}
			c := newClient(t, f)
			for call, send := range map[string]func(context.Context) error{
				"read":      func(ctx context.Context) error { _, err := c.Connection(ctx, id); return err },
				"test":      func(ctx context.Context) error { _, err := c.RunTest(ctx, id, api.RunTest{}); return err },
				"delete":    func(ctx context.Context) error { return c.DeletePolicy(ctx, id) },
				"cycle":     func(ctx context.Context) error { _, err := c.Cycle(ctx, someID, id); return err },
				"list":      func(ctx context.Context) error { _, err := c.Tests(ctx, id, "", 0); return err },
				"change":    func(ctx context.Context) error { _, err := c.UpdateUser(ctx, id, 0, api.UpdateUser{}); return err },
				"new cycle": func(ctx context.Context) error { _, err := c.StartCycle(ctx, id); return err },
			} {
				if err := send(t.Context()); !api.IsProblem(err, api.ProblemInvalid) || api.IsNotFound(err) {
					t.Errorf("%s: %v", call, err)
				}
			}
			if seen := f.seen(); len(seen) > 0 {
				t.Errorf("sent a request for %s", seen[0].path)
			}
		})
	}
}

// An empty filter matches everything, and the first object does not have the name.
func TestEmptyNameMatchesNothing(t *testing.T) {
	t.Parallel()
	f := &fakeControlPlane{handle: func(int, *http.Request) (*http.Response, error) {
		return ok(t, api.List[api.Connection]{Items: []api.Connection{{ID: someID, Name: "Exchange"}}}), nil
	}}
	c := newClient(t, f)
	if found, err := c.ConnectionByName(t.Context(), ""); !api.IsNotFound(err) {
		t.Errorf("connection %+v, %v", found, err)
	}
	if found, err := c.PolicyByName(t.Context(), ""); !api.IsNotFound(err) {
		t.Errorf("policy %+v, %v", found, err)
	}
	if found, err := c.UserByEmail(t.Context(), ""); !api.IsNotFound(err) {
		t.Errorf("user %+v, %v", found, err)
	}
}
