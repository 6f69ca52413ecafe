package server_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// killedTransport is that of a run which is killed before it receives the response to a create.
type killedTransport struct{ next http.RoundTripper }

func (k *killedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := k.next.RoundTrip(r)
	if err != nil || r.Method != http.MethodPost {
		return resp, err
	}
	return nil, errors.Join(errLost, resp.Body.Close())
}

// newRun returns a client in a run of its own.
func (s *testServer) newRun(t *testing.T, id string, transport http.RoundTripper) *api.Client {
	t.Helper()
	o := api.Options{BaseURL: s.base, Transport: transport, RunID: id}
	if s.token != "" {
		o.TokenSource = oauth2.StaticTokenSource(&oauth2.Token{AccessToken: s.token})
	}
	client, err := api.NewClient(o)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestCreateOfKilledRunIsRepeated(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		ctx := t.Context()
		for what, create := range map[string]func(c *api.Client) (string, error){
			"connection": func(c *api.Client) (string, error) {
				created, err := c.CreateConnection(ctx, newConnection("Exchange", "mail"))
				return created.ID, err
			},
			"sync policy": func(c *api.Client) (string, error) {
				created, err := c.CreatePolicy(ctx, api.CreatePolicy{Name: "p", IntervalSeconds: 900})
				return created.ID, err
			},
			"user": func(c *api.Client) (string, error) {
				created, err := c.CreateUser(ctx, api.CreateUser{Email: "ann@example.com"})
				return created.ID, err
			},
		} {
			killed := s.newRun(t, "run-1", &killedTransport{next: s.transport})
			if _, err := create(killed); !errors.Is(err, errLost) {
				t.Fatalf("%s: the response was not lost: %v", what, err)
			}
			same := s.newRun(t, "run-1", s.transport)
			_, err := create(same)
			taken, ok := api.AsProblem(err)
			if !ok || taken.Type != api.ProblemTypePrefix+api.ProblemNameTaken {
				t.Fatalf("%s: again in the same run: %v", what, err)
			}
			next := s.newRun(t, "run-2", s.transport)
			if id, err := create(next); err != nil || id != taken.ObjectID {
				t.Errorf("%s: id %q, error %v; want id %q", what, id, err, taken.ObjectID)
			}
		}
	})
}

func TestRunIDIsLimited(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		resp, text := s.send(t, http.MethodPost, "/v1/users", `{"email":"ann@example.com","enabled":true}`,
			"Content-Type", "application/json", "Riva-Run-Id", strings.Repeat("r", api.MaxRunIDLength+1))
		if resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, "header.Riva-Run-Id") {
			t.Errorf("%d %s", resp.StatusCode, text)
		}
	})
}
