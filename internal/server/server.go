// Package server is HTTP's face of the control plane: it turns requests of the contract (package api) into calls of the
// engine, and the engine's results and errors into answers.
//
// Routes are declared with their types and scopes; from the declarations come the checks of a request's form, the
// OpenAPI document at /openapi.json and the check of who may call. What a request means is for the engine to judge: this
// package holds no rule about connections. Whatever goes wrong, the answer is a problem of RFC 9457.
package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
)

// Options say how a control plane is reached.
type Options struct {
	// Version is answered by /v1/instance.
	Version string
	// Store names the kind of store: "sqlite" or "postgresql".
	Store string
	// Embedded tells that the control plane lives in its client's process.
	Embedded bool
	// Authenticate tells who calls; nil refuses everybody. [Local] is for calls within a process.
	Authenticate func(*http.Request) (Client, error)
	// Logger receives one line a request and what went wrong inside; nil discards it. Never bodies, headers or queries.
	Logger *slog.Logger
}

// Server answers the requests of the contract.
type Server struct {
	engine  *engine.Engine
	options Options
	log     *slog.Logger
	mux     *http.ServeMux
	api     huma.API
	// openAPI writes the document when it is first asked for: most processes never are, and start the faster.
	openAPI func() ([]byte, error)
}

// New makes a server for an engine.
func New(e *engine.Engine, o Options) *Server {
	setUpHuma()
	s := &Server{engine: e, options: o, log: o.Logger, mux: http.NewServeMux()}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.api = humago.New(s.mux, humaConfig())
	s.api.UseMiddleware(s.authorize, s.readBody)

	s.routeConnections()
	s.routeTests()
	s.routeRevalidations()
	s.routePolicies()
	s.routeCycles()
	s.routeUsers()
	s.routeInstance()

	s.openAPI = sync.OnceValues(s.document)
	s.mux.HandleFunc("GET /openapi.json", s.serveOpenAPI)
	return s
}

// OpenAPI is the contract as an OpenAPI 3.1 document.
func (s *Server) OpenAPI() ([]byte, error) {
	document, err := s.openAPI()
	if err != nil {
		return nil, fmt.Errorf("write the OpenAPI document: %w", err)
	}
	return document, nil
}

func (s *Server) serveOpenAPI(w http.ResponseWriter, r *http.Request) {
	document, err := s.OpenAPI()
	if err != nil {
		writeProblem(w, r, s.problemOf(r.Context(), err))
		return
	}
	w.Header().Set("Content-Type", "application/openapi+json")
	_, _ = w.Write(document) // a client that has gone needs no answer
}

// Handler answers requests. Every request gets an id, a line in the log and, whatever happens, an answer.
func (s *Server) Handler() http.Handler { return s.observe(http.HandlerFunc(s.dispatch)) }

// dispatch finds the route. Addresses that are none are answered with a problem of their own, so that nobody takes a
// wrong address for an object that does not exist.
func (s *Server) dispatch(w http.ResponseWriter, r *http.Request) {
	handler, pattern := s.mux.Handler(r)
	if pattern != "" && path.Clean(r.URL.Path) == r.URL.Path {
		s.mux.ServeHTTP(w, r)
		return
	}
	p := &api.Problem{
		Type: api.ProblemTypePrefix + api.ProblemNoRoute, Title: "No such address", Status: http.StatusNotFound,
		Detail: "The control plane has no such address. The contract is at /openapi.json.",
	}
	// The library knows which methods an address has; it tells in the Allow header of its own answer.
	if allowed := allowedMethods(handler, r, pattern); allowed != "" {
		w.Header().Set("Allow", allowed)
		p.Title, p.Status = "Method not allowed", http.StatusMethodNotAllowed
		p.Detail = "The address takes " + allowed + "."
	}
	writeProblem(w, r, p)
}

func allowedMethods(handler http.Handler, r *http.Request, pattern string) string {
	if pattern != "" {
		return ""
	}
	probe := &headerProbe{header: http.Header{}}
	handler.ServeHTTP(probe, r)
	return probe.header.Get("Allow")
}

// headerProbe keeps the headers of an answer that is not given.
type headerProbe struct{ header http.Header }

func (p *headerProbe) Header() http.Header         { return p.header }
func (p *headerProbe) Write(b []byte) (int, error) { return len(b), nil }
func (p *headerProbe) WriteHeader(int)             {}

// route declares one operation. Its handler's errors become problems.
func route[I, O any](s *Server, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	// Who calls and how large a body may be is settled before; without this the library would give a slow test five
	// seconds and then end its context.
	op.MaxBodyBytes, op.BodyReadTimeout = -1, -1
	op.RejectUnknownQueryParameters = true
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, &problemResponse{Problem: *s.problemOf(ctx, err)}
		}
		return out, nil
	})
}
