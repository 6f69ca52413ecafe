package api

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// respondFunc is a control plane.
type respondFunc func(r *http.Request) string

func (f respondFunc) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(f(r))),
	}, nil
}

// A reader with parameters sends them with every call, and does not answer those of another reader.
func TestReadersOfDifferentParametersShareNothing(t *testing.T) {
	t.Parallel()
	ids := []string{
		"0198c1f0-0000-7000-8000-000000000001", "0198c1f0-0000-7000-8000-000000000002", "0198c1f0-0000-7000-8000-000000000003",
		"0198c1f0-0000-7000-8000-000000000004",
	}
	c, err := NewClient(Options{BaseURL: EmbeddedURL, Transport: respondFunc(func(r *http.Request) string {
		items := make([]string, len(ids))
		for i, id := range ids {
			items[i] = `{"id":"` + id + `","name":"` + r.URL.Query().Get("include") + `"}`
		}
		return `{"items":[` + strings.Join(items, ",") + `]}`
	})})
	if err != nil {
		t.Fatal(err)
	}
	id := func(o *Connection) string { return o.ID }
	plain := newReader(c, "connection", pathConnections, nil, id)
	included := newReader(c, "connection", pathConnections, url.Values{"include": {"more"}}, id)
	for range 2 {
		for _, wanted := range ids { // by id, and from a page
			for want, r := range map[string]*reader[Connection]{"": plain, "more": included} {
				if found, err := r.readOneRecent(t.Context(), wanted); err != nil || found.Name != want {
					t.Errorf("want the one with %q: %+v, %v", want, found, err)
				}
				if found, err := r.readOne(t.Context(), wanted); err != nil || found.Name != want {
					t.Errorf("want the current one with %q: %+v, %v", want, found, err)
				}
			}
		}
		c.wrote()
	}
}
