package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
)

const headerRequestID = "X-Request-Id"

// requestLog has the fields of a request's log line that are not known before the request is handled.
type requestLog struct {
	requestID string
	client    string
	// operation is the id of the operation, or the name of the handler; empty if the address has none.
	operation string
	// embedded is true if the control plane runs in the process of its client.
	embedded bool
}

type requestLogKey struct{}

// addToRequestLog changes the log line of the request.
func addToRequestLog(ctx context.Context, change func(*requestLog)) {
	if l, ok := ctx.Value(requestLogKey{}).(*requestLog); ok {
		change(l)
	}
}

// requestID is the id of the request that the context belongs to.
func requestID(ctx context.Context) string {
	l, ok := ctx.Value(requestLogKey{}).(*requestLog)
	if !ok {
		return ""
	}
	return l.requestID
}

// isEmbedded reports whether a [Server] in the process of its client handles the request.
func isEmbedded(ctx context.Context) bool {
	l, ok := ctx.Value(requestLogKey{}).(*requestLog)
	return ok && l.embedded
}

// Middleware gives each request an id, rejects text that not every database can store, recovers from panics, and logs one
// line per request. Bodies, headers and queries are never logged. All handlers of a control plane run behind it: the routes of
// [Server.Handler], and handlers that are mounted beside them. If it is applied twice to a request, the inner one does
// nothing. Logger may be nil.
func Middleware(next http.Handler, logger *slog.Logger) http.Handler {
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requestID(r.Context()) != "" { // an outer Middleware has the request already
			next.ServeHTTP(w, r)
			return
		}
		start := time.Now()
		line := &requestLog{requestID: requestIDOrNew(r.Header.Get(headerRequestID))}
		ctx := context.WithValue(r.Context(), requestLogKey{}, line)
		r = r.WithContext(engine.WithCaller(ctx, engine.Caller{RequestID: line.requestID})) // who it is, is not known yet
		response := &statusRecorder{ResponseWriter: w}
		response.Header().Set(headerRequestID, line.requestID)
		defer func() {
			if cause := recover(); cause != nil {
				handlePanic(response, r, cause, logger)
			}
			ended := Observation{
				Operation: line.operation, Client: line.client, Status: response.status, Duration: time.Since(start),
			}
			logRequest(logger, r, ended)
			observe(r.Context(), ended)
		}()
		if p := textProblem(r); p != nil {
			writeProblem(response, r, p)
			return
		}
		next.ServeHTTP(response, r)
	})
}

// logRequest logs a request after its end.
func logRequest(logger *slog.Logger, r *http.Request, ended Observation) {
	attributes := []slog.Attr{
		slog.String("method", r.Method), slog.String("path", loggedPath(r.URL.Path)), slog.Int("status", ended.Status),
		slog.Duration("duration", ended.Duration), slog.String("request_id", requestID(r.Context())),
		slog.String("client", ended.Client),
	}
	if address := ClientAddress(r); address != "" {
		attributes = append(attributes, slog.String("address", address))
	}
	logger.LogAttrs(r.Context(), slog.LevelInfo, "request", attributes...)
}

// loggedPath returns a path without the secret of a link.
func loggedPath(path string) string {
	if before, _, found := strings.Cut(path, pages.LinkPath); found { // also behind a slash too many
		return before + pages.LinkPath + "***"
	}
	return path
}

// handlePanic writes the response after a panic. The value of the panic may contain secrets: only its type and the stack are
// logged.
func handlePanic(response *statusRecorder, r *http.Request, cause any, logger *slog.Logger) {
	logger.LogAttrs(r.Context(), slog.LevelError, "panic",
		slog.String("request_id", requestID(r.Context())), slog.String("type", fmt.Sprintf("%T", cause)),
		slog.String("stack", string(debug.Stack())))
	if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) || response.status != 0 {
		return // the client disconnected, or the response has been started
	}
	writeProblem(response, r, internalProblem(r.Context(), "a bug of this program, panic: "+panicText(cause)))
}

// panicText is what is shown of a panic: the text of an error of Go itself, which has no values but numbers, or else the type.
func panicText(cause any) string {
	if err, ok := cause.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", cause)
}

// requestIDOrNew returns the caller's id if it has only harmless characters, else a new one.
func requestIDOrNew(id string) string {
	if id != "" && len(id) <= api.MaxRequestIDLength && isPlain(id) {
		return id
	}
	created, err := uuid.NewV7()
	if err != nil { // no random numbers: handle the request anyway
		return "unidentified"
	}
	return created.String()
}

// isPlain reports whether a text has only letters, digits, hyphens, underscores and dots.
func isPlain(s string) bool {
	for _, c := range []byte(s) {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

// statusRecorder records the status of a response.
type statusRecorder struct {
	http.ResponseWriter
	status int
}

// WriteHeader records the first status.
func (s *statusRecorder) WriteHeader(status int) {
	if s.status == 0 {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

// Write sends the status 200 unless another status was sent.
func (s *statusRecorder) Write(b []byte) (int, error) {
	if s.status == 0 {
		s.status = http.StatusOK
	}
	return s.ResponseWriter.Write(b)
}

// Unwrap returns the writer below, for http.ResponseController.
func (s *statusRecorder) Unwrap() http.ResponseWriter { return s.ResponseWriter }
