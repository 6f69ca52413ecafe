package server

import (
	"errors"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
)

// Client is who calls, and what they may.
type Client struct {
	// Name identifies the client in the audit trail and separates its idempotency keys from those of others.
	Name   string
	Scopes []api.Scope
}

func (c Client) hasScope(scope api.Scope) bool {
	return slices.Contains(c.Scopes, scope) || slices.Contains(c.Scopes, api.ScopeAdmin)
}

// ErrUnauthenticated says that the request does not prove who calls.
var ErrUnauthenticated = errors.New("no valid token")

// Local lets every request in, as the client "local" with every scope: for a control plane that only its own process can
// reach.
func Local(*http.Request) (Client, error) {
	return Client{Name: "local", Scopes: []api.Scope{api.ScopeAdmin}}, nil
}

// bearer is the name of the security scheme; the roles of an operation under it are the scopes it needs.
const bearer = "bearer"

// anyClient, needs: the security of operations that every client may call, and of those that need a scope. An
// operation without either is open to everybody.
func anyClient() []map[string][]string { return []map[string][]string{{bearer: {}}} }

func requireScope(scope api.Scope) []map[string][]string {
	return []map[string][]string{{bearer: {string(scope)}}}
}

// authorize lets in who may call the operation, before anything else of the request is read.
func (s *Server) authorize(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	if len(ctx.Operation().Security) == 0 {
		next(ctx)
		return
	}
	client, err := s.authenticate(r)
	if p, ok := api.AsProblem(err); ok {
		writeProblem(w, r, p)
		return
	}
	if err != nil {
		w.Header().Set("WWW-Authenticate", `Bearer realm="riva"`)
		writeProblem(w, r, &api.Problem{
			Type: api.ProblemTypePrefix + api.ProblemUnauthenticated, Title: "Who calls is not known",
			Status: http.StatusUnauthorized, Detail: "The request needs a valid bearer token in the Authorization header.",
		})
		return
	}
	addToRequestLog(r.Context(), func(o *requestLog) { o.client = client.Name })
	for _, scope := range ctx.Operation().Security[0][bearer] {
		if !client.hasScope(api.Scope(scope)) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="riva", error="insufficient_scope", scope="`+scope+`"`)
			writeProblem(w, r, &api.Problem{
				Type: api.ProblemTypePrefix + api.ProblemScope, Title: "The client may not do this",
				Status: http.StatusForbidden,
				Detail: "The call needs the scope \"" + scope + "\", which the client \"" + client.Name + "\" does not have.",
			})
			return
		}
	}
	caller := engine.Caller{Name: client.Name, RequestID: requestID(r.Context())}
	next(huma.WithContext(ctx, engine.WithCaller(ctx.Context(), caller)))
}

func (s *Server) authenticate(r *http.Request) (Client, error) {
	if s.options.Authenticate == nil {
		return Client{}, ErrUnauthenticated
	}
	return s.options.Authenticate(r)
}
