package server_test

import (
	"net/http"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

func TestInvisibleCharactersAreRejected(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, p *testServer) {
		ctx := t.Context()
		for path, create := range map[string]func() error{
			"name": func() error {
				_, err := p.client.CreateConnection(ctx, newConnection("Ex\u200bchange", "mail"))
				return err
			},
			"display_name": func() error {
				_, err := p.client.CreateUser(ctx, api.CreateUser{Email: "ann@example.com", DisplayName: "\u202ennA"})
				return err
			},
			"email": func() error {
				_, err := p.client.CreateUser(ctx, api.CreateUser{Email: "ann\u2060@example.com"})
				return err
			},
		} {
			problem, ok := api.AsProblem(create())
			if !ok || problem.Status != http.StatusUnprocessableEntity || len(problem.Errors) != 1 || problem.Errors[0].Path != path {
				t.Errorf("%s: %+v", path, problem)
			}
		}
	})
}
