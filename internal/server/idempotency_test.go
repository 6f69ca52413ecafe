package server_test

import (
	"errors"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// droppingTransport loses the response of the first attempt of each mutation: the control plane has run it, but the client does
// not know.
type droppingTransport struct {
	next      http.RoundTripper
	lost      atomic.Int64
	mutations atomic.Int64
}

var errLost = errors.New("connection reset by peer")

func (l *droppingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := l.next.RoundTrip(r)
	if err != nil || r.Method == http.MethodGet || l.mutations.Add(1)%2 == 0 {
		return resp, err
	}
	l.lost.Add(1)
	return nil, errors.Join(errLost, resp.Body.Close())
}

func TestRepeatedRequestRunsOnce(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		ctx := t.Context()
		dropping := &droppingTransport{next: s.transport}
		client := s.newClient(t, dropping)

		created, err := client.CreateConnection(ctx, newConnection("Exchange", "mail"))
		if err != nil || created.Revision != 1 {
			t.Fatalf("created %+v, %v", created, err)
		}
		if all, err := s.client.Connections(ctx, api.ConnectionFilter{}); err != nil || len(all) != 1 || all[0].ID != created.ID {
			t.Errorf("there are %+v, %v", all, err)
		}
		renamed, err := client.UpdateConnection(ctx, created.ID, 1, api.UpdateConnection{Name: new("Mail")})
		if err != nil || renamed.Revision != 2 {
			t.Errorf("renamed %+v, %v: a change with a lost response must not conflict with itself", renamed, err)
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
			t.Errorf("a deletion with a lost response: %v", err)
		}
		if err := client.DeleteConnection(ctx, created.ID); err != nil {
			t.Errorf("a deletion with a lost response: %v", err)
		}
		if lost := dropping.lost.Load(); lost != 6 {
			t.Errorf("%d responses were lost", lost)
		}
	})
}

func TestTestWithLostResponseIsNotRetried(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		c := s.connect(t, "Exchange", "mail")
		client := s.newClient(t, &droppingTransport{next: s.transport})
		if _, err := client.RunTest(t.Context(), c.ID, api.RunTest{}); !errors.Is(err, errLost) {
			t.Errorf("error %v", err)
		}
		if tests, err := s.client.Tests(t.Context(), c.ID, "", 10); err != nil || len(tests) != 2 { // one before saving, and this
			t.Errorf("%d tests ran, %v", len(tests), err)
		}
	})
}

func TestIdempotencyKeyBelongsToOneRequest(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		post := func(body string) (*http.Response, string) {
			return s.send(t, http.MethodPost, "/v1/users", body, "Content-Type", "application/json", "Idempotency-Key", "k1")
		}
		first, body := post(`{"email":"ann@example.com","enabled":true}`)
		again, same := post(`{"email":"ann@example.com","enabled":true}`)
		if first.StatusCode != http.StatusCreated || again.StatusCode != http.StatusCreated || body != same ||
			again.Header.Get("Location") != first.Header.Get("Location") || again.Header.Get("ETag") != `"1"` {
			t.Errorf("%d %s, then %d %s", first.StatusCode, body, again.StatusCode, same)
		}
		if other, text := post(`{"email":"ann@example.com","enabled":false}`); other.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("another request with the key: %d %s", other.StatusCode, text)
		}
		if s.token == "" {
			return
		}
		s.token = "admin" // keys of different clients are different keys
		if other, text := post(`{"email":"bob@example.com","enabled":false}`); other.StatusCode != http.StatusCreated {
			t.Errorf("another client's key: %d %s", other.StatusCode, text)
		}
	})
}
