package server

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
)

// Client is the client that sends a request, and its permissions.
type Client struct {
	// Name identifies the client in the audit trail.
	Name string
	// ID separates the idempotency keys of a registered client from those of others. Without it, the name does.
	ID string
	// Actor is recorded in the audit trail instead of the name, unless it is empty.
	Actor  string
	Scopes []api.Scope
}

func (c Client) hasScope(scope api.Scope) bool {
	return slices.Contains(c.Scopes, scope) || slices.Contains(c.Scopes, api.ScopeAdmin)
}

// ErrUnauthenticated means that the request has no valid credentials.
var ErrUnauthenticated = errors.New("no valid token")

// Local authorizes every request, as the client "local" with every scope. It is for a control plane that only its own process
// can call. Actor describes who runs the process, for the audit trail.
func Local(actor string) func(*http.Request) (Client, error) {
	client := Client{Name: "local", Actor: actor, Scopes: []api.Scope{api.ScopeAdmin}}
	return func(*http.Request) (Client, error) { return client, nil }
}

// bearer is the name of the security scheme. The roles of an operation under it are the scopes that it requires.
const bearer = "bearer"

// anyClient is the security of operations for all authenticated clients. An operation without security needs no
// authentication.
func anyClient() []map[string][]string { return []map[string][]string{{bearer: {}}} }

// requireScope is the security of operations that require a scope.
func requireScope(scope api.Scope) []map[string][]string {
	return []map[string][]string{{bearer: {string(scope)}}}
}

// authorize checks that the client may call the operation, before anything else of the request is read.
func (s *Server) authorize(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	NameOperation(r.Context(), ctx.Operation().OperationID)
	if len(ctx.Operation().Security) == 0 {
		next(ctx)
		return
	}
	client, err := s.authenticate(r)
	if p, ok := api.AsProblem(err); ok {
		writeProblem(w, r, p)
		return
	}
	if err != nil && !errors.Is(err, ErrUnauthenticated) {
		s.WriteError(w, r, err)
		return
	}
	if err != nil {
		challenge := `Bearer realm="riva"`
		if r.Header.Get("Authorization") != "" {
			challenge += `, error="invalid_token"`
		}
		w.Header().Set("WWW-Authenticate", challenge)
		writeProblem(w, r, &api.Problem{
			Type: api.ProblemTypePrefix + api.ProblemUnauthenticated, Title: "Authentication required",
			Status: http.StatusUnauthorized, Detail: "The request requires a valid bearer token in the Authorization header.",
		})
		return
	}
	addToRequestLog(r.Context(), func(l *requestLog) { l.client = client.Name })
	for _, scope := range ctx.Operation().Security[0][bearer] {
		if !client.hasScope(api.Scope(scope)) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="riva", error="insufficient_scope", scope="`+scope+`"`)
			writeProblem(w, r, &api.Problem{
				Type: api.ProblemTypePrefix + api.ProblemScope, Title: "Permission denied",
				Status: http.StatusForbidden,
				Detail: "The call requires the scope \"" + scope + "\", which the client \"" + client.Name + "\" does not have.",
			})
			return
		}
	}
	caller := engine.Caller{Name: client.Name, ID: client.ID, Actor: client.Actor, RequestID: requestID(r.Context())}
	withClient := context.WithValue(ctx.Context(), clientKey{}, client)
	next(huma.WithContext(ctx, engine.WithCaller(withClient, caller)))
}

type clientKey struct{}

// clientFrom returns the client that authorize has found; the zero Client, without scopes, if the operation has no security.
func clientFrom(ctx context.Context) Client {
	client, _ := ctx.Value(clientKey{}).(Client)
	return client
}

func (s *Server) authenticate(r *http.Request) (Client, error) {
	if s.options.Authenticate == nil {
		return Client{}, ErrUnauthenticated
	}
	return s.options.Authenticate(r)
}
