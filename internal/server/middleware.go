package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/google/uuid"
)

const (
	headerRequestID = "X-Request-Id"
	// maxRequestIDLength bounds the ids that callers choose themselves.
	maxRequestIDLength = 128
)

// requestLog is what the log says about one request.
type requestLog struct {
	requestID string
	client    string
}

type requestLogKey struct{}

// addToRequestLog adds to what the log will say.
func addToRequestLog(ctx context.Context, add func(*requestLog)) {
	if o, ok := ctx.Value(requestLogKey{}).(*requestLog); ok {
		add(o)
	}
}

// requestID is the id of the request that the context belongs to.
func requestID(ctx context.Context) string {
	o, ok := ctx.Value(requestLogKey{}).(*requestLog)
	if !ok {
		return ""
	}
	return o.requestID
}

// observe gives each request an id, survives panics and writes the log.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		o := &requestLog{requestID: requestIDOrNew(r.Header.Get(headerRequestID))}
		r = r.WithContext(context.WithValue(r.Context(), requestLogKey{}, o))
		answer := &statusRecorder{ResponseWriter: w}
		answer.Header().Set(headerRequestID, o.requestID)
		defer func() {
			if cause := recover(); cause != nil {
				s.handlePanic(answer, r, cause)
			}
			s.log.LogAttrs(r.Context(), slog.LevelInfo, "request",
				slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Int("status", answer.status),
				slog.Duration("duration", time.Since(began)), slog.String("request_id", o.requestID),
				slog.String("client", o.client))
		}()
		next.ServeHTTP(answer, r)
	})
}

// handlePanic answers after a panic. What was thrown may hold secrets: only its type and the stack are logged.
func (s *Server) handlePanic(answer *statusRecorder, r *http.Request, cause any) {
	s.log.LogAttrs(r.Context(), slog.LevelError, "panic",
		slog.String("request_id", requestID(r.Context())), slog.String("type", fmt.Sprintf("%T", cause)),
		slog.String("stack", string(debug.Stack())))
	if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) || answer.status != 0 {
		return // an answer has begun, or nobody is there for one
	}
	writeProblem(answer, r, internalProblem())
}

// requestIDOrNew takes the caller's id if it is plain, else makes one.
func requestIDOrNew(given string) string {
	if given != "" && len(given) <= maxRequestIDLength && isPlain(given) {
		return given
	}
	id, err := uuid.NewV7()
	if err != nil { // no randomness: the request still deserves an answer
		return "unidentified"
	}
	return id.String()
}

func isPlain(s string) bool {
	for _, c := range []byte(s) {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

// statusRecorder remembers the status of an answer.
type statusRecorder struct {
	http.ResponseWriter
	status int
}

// WriteHeader remembers the first status.
func (a *statusRecorder) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write answers 200 unless a status was written.
func (a *statusRecorder) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.ResponseWriter.Write(b)
}

// Unwrap gives http.ResponseController the writer below.
func (a *statusRecorder) Unwrap() http.ResponseWriter { return a.ResponseWriter }
