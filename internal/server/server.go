// Package server is the HTTP side of the control plane. It turns requests of the contract (package api) into calls of the
// engine, and the engine's results and errors into responses.
//
// Each route is declared with its types and its scope. The declarations give the validation of requests, the OpenAPI document
// at /openapi.json and the authorization. This package has no rules about connections: those are in the engine. Every error
// response is a problem (RFC 9457).
package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
)

// Options configure a server.
type Options struct {
	// Version is returned by /v1/instance.
	Version string
	// Store is the type of the store: "sqlite" or "postgresql".
	Store string
	// Embedded means that the control plane runs in the process of its client.
	Embedded bool
	// Authenticate identifies the client of a request. If it is nil, all requests are rejected. [Local] is for calls within a
	// process.
	Authenticate func(*http.Request) (Client, error)
	// Clients manages the clients of a shared control plane. Without it, their addresses respond that they do not exist.
	Clients Clients
	// PublicURL is the address under which a browser reaches the pages for a person, such as https://riva.example.com. They are
	// served with the contract then. Without it, they are those of [Server.SignInHandler] only.
	PublicURL string
	// LoopbackHTTP means that connections may use http on the machine of the control plane.
	LoopbackHTTP bool
	// AllowVisit returns an error for a request for one of them that is not handled; nil allows all.
	AllowVisit func(*http.Request) error
	// Pages renders the pages for a person; nil if the server has no pages.
	Pages pages.Renderer
	// Logger receives one line per request, and internal errors; nil discards them. Bodies, headers and queries are never logged.
	Logger *slog.Logger
}

// Server handles the requests of the contract.
type Server struct {
	engine  *engine.Engine
	options Options
	log     *slog.Logger
	mux     *http.ServeMux
	api     huma.API
	// openAPI creates the document on the first call. Most processes never need it, so they start faster.
	openAPI func() ([]byte, error)
	// publicURL is the address of the pages for a person; nil without any.
	publicURL atomic.Pointer[string]
	// visits serves them with the contract; nil if it does not.
	visits http.Handler
}

// New creates a server for an engine.
func New(e *engine.Engine, o Options) *Server {
	setUpHuma()
	s := &Server{engine: e, options: o, log: o.Logger, mux: http.NewServeMux()}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.api = humago.New(s.mux, humaConfig())
	s.api.UseMiddleware(noStore, s.authorize, s.readBody)

	s.routeConnections()
	s.routeTests()
	s.routeRevalidations()
	s.routeAuthorizations()
	s.routePolicies()
	s.routeCycles()
	s.routeUsers()
	s.routeAudit()
	s.routeClients()
	s.routeInstance()

	if o.PublicURL != "" {
		s.servePages(o.PublicURL)
	}
	s.openAPI = sync.OnceValues(s.document)
	s.mux.HandleFunc("GET /openapi.json", s.serveOpenAPI)
	return s
}

// servePages serves the pages for a person with the contract. An address that is not valid serves none; the log has the reason.
func (s *Server) servePages(publicURL string) {
	handler, err := s.SignInHandler(publicURL)
	if err != nil {
		s.log.Error("pages for the sign-in of a person", slog.String("error", err.Error()))
		return
	}
	s.visits = handler
	s.SetPublicURL(publicURL)
}

// isVisit reports whether a path is one of the pages for a person.
func isVisit(address string) bool {
	others := []string{pages.CallbackPath, pages.ConfirmPath, pages.StylesheetPath, pages.IconPath}
	return strings.HasPrefix(address, pages.LinkPath) || slices.Contains(others, address)
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
	NameOperation(r.Context(), "openapi")
	document, err := s.OpenAPI()
	if err != nil {
		s.WriteError(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/openapi+json")
	_, _ = w.Write(document) // the client may have disconnected
}

// Handler handles the routes of the contract, behind [Middleware].
func (s *Server) Handler() http.Handler { return Middleware(http.HandlerFunc(s.dispatch), s.log) }

// dispatch finds the route. An address without a route has a problem type of its own, so that clients do not confuse a wrong
// address with an object that does not exist.
func (s *Server) dispatch(w http.ResponseWriter, r *http.Request) {
	addToRequestLog(r.Context(), func(l *requestLog) { l.embedded = s.options.Embedded })
	if s.visits != nil && isVisit(r.URL.Path) {
		NameOperation(r.Context(), "sign-in-pages")
		if allow := s.options.AllowVisit; allow != nil {
			if err := allow(r); err != nil {
				s.WriteError(w, r, err)
				return
			}
		}
		s.visits.ServeHTTP(w, r)
		return
	}
	handler, pattern := s.mux.Handler(r)
	if pattern != "" && path.Clean(r.URL.Path) == r.URL.Path {
		s.mux.ServeHTTP(w, r)
		return
	}
	p := &api.Problem{
		Type: api.ProblemTypePrefix + api.ProblemNoRoute, Title: "No such address", Status: http.StatusNotFound,
		Detail: "The control plane has no such address. The contract is at /openapi.json.",
	}
	if allowed := allowedMethods(handler, r, pattern); allowed != "" {
		w.Header().Set("Allow", allowed)
		p.Title, p.Status = "Method not allowed", http.StatusMethodNotAllowed
		p.Detail = "The address supports " + allowed + "."
	}
	writeProblem(w, r, p)
}

// allowedMethods returns the methods of an address that has routes for other methods only. The library sends them in the
// Allow header of its own response.
func allowedMethods(handler http.Handler, r *http.Request, pattern string) string {
	if pattern != "" {
		return ""
	}
	recorder := &headerRecorder{header: http.Header{}}
	handler.ServeHTTP(recorder, r)
	return recorder.header.Get("Allow")
}

// headerRecorder records the headers of a response that is not sent.
type headerRecorder struct{ header http.Header }

func (h *headerRecorder) Header() http.Header         { return h.header }
func (h *headerRecorder) Write(b []byte) (int, error) { return len(b), nil }
func (h *headerRecorder) WriteHeader(int)             {}

// route declares one operation. Errors of its handler become problems.
func route[I, O any](s *Server, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	// authorize and readBody check the client and the size of the body before. Without this, the library would end the context
	// of a slow connection test after five seconds.
	op.MaxBodyBytes, op.BodyReadTimeout = -1, -1
	op.RejectUnknownQueryParameters = true
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			p := s.problemOf(ctx, err)
			// A connection test that is sent again signs in again, and clients retry one only if the response asks for it.
			if op.Method != http.MethodGet && engine.CallerFrom(ctx).IdempotencyKey == "" {
				p.RetryAfterSeconds = 0
			}
			return nil, &problemResponse{Problem: *p}
		}
		return out, nil
	})
}
