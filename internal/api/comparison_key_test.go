package api_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// An older control plane rejects parameters that it does not know.
func TestComparisonKeysNeedTheCapability(t *testing.T) {
	t.Parallel()
	one := "/v1/connections/" + someID
	all := []string{"GET /v1/connections", "PATCH " + one, "PUT " + one + "/credentials"}
	for name, c := range map[string]struct {
		requested    bool
		capabilities []string
		included     []string
	}{
		"a control plane with keys": {true, []string{"connection-tests", "comparison-keys"}, all},
		"an older control plane":    {true, []string{"connection-tests"}, nil},
		"not requested":             {false, []string{"comparison-keys"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fakeControlPlane{handle: func(_ int, r *http.Request) (*http.Response, error) {
				switch r.URL.Path {
				case "/v1/instance":
					return ok(t, api.Instance{ID: someID, Capabilities: c.capabilities}), nil
				case "/v1/connections":
					return ok(t, api.List[api.Connection]{Items: []api.Connection{{ID: someID}}}), nil
				}
				return ok(t, api.UpdatedCredentials{}), nil
			}}
			client := newClient(t, f, func(o *api.Options) { o.ComparisonKeys = c.requested })
			for _, call := range []func() error{
				func() error { _, err := client.ComparableConnection(t.Context(), someID); return err },
				func() error {
					_, err := client.UpdateConnection(t.Context(), someID, 0, api.UpdateConnection{})
					return err
				},
				func() error {
					_, err := client.UpdateCredentials(t.Context(), someID, 0, api.UpdateCredentials{})
					return err
				},
				func() error { _, err := client.Connection(t.Context(), someID); return err },
				func() error { _, err := client.ConnectionByName(t.Context(), "Mail"); return err },
			} {
				if err := call(); err != nil {
					t.Fatal(err)
				}
			}
			var included []string
			for _, r := range f.seen() {
				if r.query["include"] != nil {
					included = append(included, r.method+" "+r.path)
				}
			}
			if !slices.Equal(included, c.included) {
				t.Errorf("the key is included in %q, want %q", included, c.included)
			}
		})
	}
}
