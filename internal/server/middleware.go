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

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

const headerRequestID = "X-Request-Id"

// observation is what the log says about one request.
type observation struct {
	requestID string
	client    string
}

type observationKey struct{}

// note adds to what the log will say.
func note(ctx context.Context, add func(*observation)) {
	if o, ok := ctx.Value(observationKey{}).(*observation); ok {
		add(o)
	}
}

// requestID is the id of the request that the context belongs to.
func requestID(ctx context.Context) string {
	o, ok := ctx.Value(observationKey{}).(*observation)
	if !ok {
		return ""
	}
	return o.requestID
}

// observe gives each request an id, survives panics and writes the log.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		o := &observation{requestID: chosenRequestID(r.Header.Get(headerRequestID))}
		r = r.WithContext(context.WithValue(r.Context(), observationKey{}, o))
		answer := &answerObserver{ResponseWriter: w}
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
func (s *Server) handlePanic(answer *answerObserver, r *http.Request, cause any) {
	s.log.LogAttrs(r.Context(), slog.LevelError, "panic",
		slog.String("request_id", requestID(r.Context())), slog.String("type", fmt.Sprintf("%T", cause)),
		slog.String("stack", string(debug.Stack())))
	if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) || answer.status != 0 {
		return // an answer has begun, or nobody is there for one
	}
	writeProblem(answer, r, internal())
}

// chosenRequestID takes the caller's id if it is plain, else makes one.
func chosenRequestID(given string) string {
	if given != "" && len(given) <= api.MaxRequestIDLength && plain(given) {
		return given
	}
	id, err := uuid.NewV7()
	if err != nil { // no randomness: the request still deserves an answer
		return "unidentified"
	}
	return id.String()
}

func plain(s string) bool {
	for _, c := range []byte(s) {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

// answerObserver remembers the status of an answer.
type answerObserver struct {
	http.ResponseWriter
	status int
}

// WriteHeader remembers the first status.
func (a *answerObserver) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write answers 200 unless a status was written.
func (a *answerObserver) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.ResponseWriter.Write(b)
}

// Unwrap gives http.ResponseController the writer below.
func (a *answerObserver) Unwrap() http.ResponseWriter { return a.ResponseWriter }
