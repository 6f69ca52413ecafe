package server_test

import (
	"errors"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// droppingTransport loses the answer of every first try of a mutation: the control plane has done it, and the client cannot know.
type droppingTransport struct {
	next http.RoundTripper
	lost atomic.Int64
	odd  atomic.Int64
}

var errLost = errors.New("connection reset by peer")

func (l *droppingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := l.next.RoundTrip(r)
	if err != nil || r.Method == http.MethodGet || l.odd.Add(1)%2 == 0 {
		return resp, err
	}
	l.lost.Add(1)
	return nil, errors.Join(errLost, resp.Body.Close())
}

func TestRepeatedRequestRunsOnce(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, p *testServer) {
		ctx := t.Context()
		wire := &droppingTransport{next: p.transport}
		client := p.newClient(t, wire)

		created, err := client.CreateConnection(ctx, newConnection("Exchange", "mail"))
		if err != nil || created.Revision != 1 {
			t.Fatalf("created %+v, %v", created, err)
		}
		if all, err := p.client.Connections(ctx, api.ConnectionFilter{}); err != nil || len(all) != 1 || all[0].ID != created.ID {
			t.Errorf("there are %+v, %v", all, err)
		}
		renamed, err := client.UpdateConnection(ctx, created.ID, 1, api.UpdateConnection{Name: new("Mail")})
		if err != nil || renamed.Revision != 2 {
			t.Errorf("renamed %+v, %v: a change whose answer was lost is no conflict with itself", renamed, err)
		}
		updated, err := client.UpdateCredentials(ctx, created.ID, 2, api.UpdateCredentials{
			Credentials: map[string]string{"password": otherPassword},
		})
		if err != nil || updated.Connection.Revision != 3 {
			t.Errorf("updated %+v, %v", updated, err)
		}
		policy, err := client.CreatePolicy(ctx, api.CreatePolicy{Name: "p", EmailConnectionID: &created.ID, IntervalSeconds: 900})
		if err != nil {
			t.Error(err)
		}
		if err := client.DeletePolicy(ctx, policy.ID); err != nil {
			t.Errorf("a deletion whose answer was lost: %v", err)
		}
		if err := client.DeleteConnection(ctx, created.ID); err != nil {
			t.Errorf("a deletion whose answer was lost: %v", err)
		}
		if lost := wire.lost.Load(); lost != 6 {
			t.Errorf("%d answers were lost", lost)
		}
	})
}

func TestTestWithLostResponseIsNotRetried(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, p *testServer) {
		c := p.connect(t, "Exchange", "mail")
		if _, err := p.newClient(t, &droppingTransport{next: p.transport}).RunTest(t.Context(), c.ID, api.RunTest{}); !errors.Is(err, errLost) {
			t.Errorf("error %v", err)
		}
		if tests, err := p.client.Tests(t.Context(), c.ID, 10); err != nil || len(tests) != 2 { // the one before saving, and this one
			t.Errorf("%d tests ran, %v", len(tests), err)
		}
	})
}

func TestAKeyBelongsToOneRequest(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, p *testServer) {
		post := func(body string) (*http.Response, string) {
			return p.send(t, http.MethodPost, "/v1/users", body, "Content-Type", "application/json", "Idempotency-Key", "k1")
		}
		first, body := post(`{"email":"ann@example.com","enabled":true}`)
		again, same := post(`{"email":"ann@example.com","enabled":true}`)
		if first.StatusCode != http.StatusCreated || again.StatusCode != http.StatusCreated || body != same ||
			again.Header.Get("Location") != first.Header.Get("Location") || again.Header.Get("ETag") != `"1"` {
			t.Errorf("%d %s, then %d %s", first.StatusCode, body, again.StatusCode, same)
		}
		if other, text := post(`{"email":"ann@example.com","enabled":false}`); other.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("another request under the key: %d %s", other.StatusCode, text)
		}
		if p.token == "" {
			return
		}
		p.token = "admin" // keys of different clients are different keys
		if other, text := post(`{"email":"bob@example.com","enabled":false}`); other.StatusCode != http.StatusCreated {
			t.Errorf("another client's key: %d %s", other.StatusCode, text)
		}
	})
}
