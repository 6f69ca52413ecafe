package server

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

const contentTypeProblem = "application/problem+json"

// statusClientGone is what proxies log when the client disconnected before the response.
const statusClientGone = 499

// WriteError writes the response for an error of the engine. Handlers beside the routes use it as well.
func (s *Server) WriteError(w http.ResponseWriter, r *http.Request, err error) {
	writeProblem(w, r, s.problemOf(r.Context(), err))
}

// writeProblem writes a problem outside of a route.
func writeProblem(w http.ResponseWriter, r *http.Request, p *api.Problem) {
	p.RequestID = requestID(r.Context())
	w.Header().Set("Content-Type", contentTypeProblem)
	maps.Copy(w.Header(), (&problemResponse{Problem: *p}).GetHeaders())
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client may have disconnected
}

// problemMapping maps one of the engine's errors to a problem.
type problemMapping struct {
	err     error
	problem string
	status  int
	title   string
	// detail replaces the error's own text, if that does not say what to do.
	detail string
}

// problemMappings has the engine's sentinel errors. A fault of a target system is 422, never 502 or 503: clients retry those,
// and a repeated sign-in can lock the account. The fault says whether a later call can succeed.
var problemMappings = []problemMapping{
	{err: model.ErrNameTaken, problem: api.ProblemNameTaken, status: http.StatusConflict, title: "The name is taken"},
	{
		err: model.ErrRevision, problem: api.ProblemRevision, status: http.StatusPreconditionFailed,
		title:  "The object has changed",
		detail: "The object was changed since it was read. Read it again before you change it.",
	},
	{
		err: model.ErrIdempotencyKey, problem: api.ProblemIdempotencyKey, status: http.StatusUnprocessableEntity,
		title:  "The idempotency key belongs to another request",
		detail: "The same Idempotency-Key was used for another request within 24 hours. Use a new key for each request.",
	},
	{
		err: model.ErrCycleRunning, problem: api.ProblemCycleRunning, status: http.StatusConflict,
		title: "A full sync cycle is running",
	},
	{
		err: model.ErrSealed, problem: api.ProblemSealed, status: http.StatusConflict,
		title: "The stored credentials cannot be opened",
		detail: "They were sealed with another keyset, or for other settings. Configure the keyset that they were stored with, " +
			"or submit the credentials again.",
	},
	{
		err: model.ErrNoCredentials, problem: api.ProblemNoCredentials, status: http.StatusConflict,
		title: "The connection has no credentials", detail: "Submit credentials first.",
	},
	{
		err: model.ErrNothingToConfirm, problem: api.ProblemNothingToConfirm, status: http.StatusConflict,
		title:  "Nothing to confirm",
		detail: "No sign-in of a person waits to be confirmed: it was not completed, or not confirmed in time. Start a new one.",
	},
	{err: model.ErrNotFound, problem: api.ProblemNotFound, status: http.StatusNotFound, title: "Not found"},
	{
		err: engine.ErrClosing, problem: api.ProblemUnavailable, status: http.StatusServiceUnavailable,
		title: "The control plane is shutting down",
	},
	{
		err: context.DeadlineExceeded, problem: api.ProblemUnavailable, status: http.StatusServiceUnavailable,
		title: "Timeout", detail: "The control plane did not finish in time. Nothing was changed. Try again later.",
	},
	{err: context.Canceled, problem: api.ProblemUnavailable, status: statusClientGone, title: "The client disconnected"},
}

// problemOf converts an error of the engine to a problem. It logs unknown errors. Their text is only in the problem of an
// embedded control plane, whose client reads no log; errors never contain secrets.
func (s *Server) problemOf(ctx context.Context, err error) *api.Problem {
	if errors.Is(err, context.Canceled) && errors.Is(context.Cause(ctx), engine.ErrClosing) { // the client is still there
		err = engine.ErrClosing
	}
	p, known := api.AsProblem(err)
	if !known {
		p, known = detailedProblem(err)
		if known && p.Status == http.StatusInternalServerError && !isEmbedded(ctx) { // it names files and hosts
			s.logFailure(ctx, err)
			p.Detail = seeLog
		}
	}
	if !known {
		p, known = mappedProblem(err)
	}
	if !known {
		s.logFailure(ctx, err)
		p = internalProblem(ctx, err.Error())
	}
	if isEmbedded(ctx) && p.Type == api.ProblemTypePrefix+api.ProblemConnectionInUse && len(p.Uses) > 0 {
		p.Detail += " " + purgeHint
	}
	p.RequestID = requestID(ctx)
	return p
}

func (s *Server) logFailure(ctx context.Context, err error) {
	s.log.LogAttrs(ctx, slog.LevelError, "request failed",
		slog.String("request_id", requestID(ctx)), slog.String("error", err.Error()))
}

// seeLog is the detail of a failure of a shared control plane that its clients cannot correct.
const seeLog = "The control plane's log has the cause, under the request ID."

// purgeHint is the way on for a used connection of an embedded control plane: its owner is the only one who can help.
const purgeHint = "In embedded mode, the owner of the data directory or the database can remove it for good: " +
	"terraform-provider-riva connections purge NAME."

func mappedProblem(err error) (*api.Problem, bool) {
	for _, row := range problemMappings {
		if !errors.Is(err, row.err) {
			continue
		}
		p := &api.Problem{
			Type: api.ProblemTypePrefix + row.problem, Title: row.title, Status: row.status, Detail: row.detail,
		}
		if p.Detail == "" {
			p.Detail = asSentence(err)
		}
		if taken := new(model.NameTakenError); errors.As(err, &taken) {
			p.ObjectID, p.Detail = taken.ID, asSentence(taken)
		}
		return p, true
	}
	return nil, false
}

// asSentence returns an error's text as a sentence.
func asSentence(err error) string {
	text := strings.TrimRight(err.Error(), ".")
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:] + "."
}

// retryAfterSeconds is how long a client waits for the database. Servers restart in seconds.
const retryAfterSeconds = 2

// detailedProblem converts the errors that have more than a text.
func detailedProblem(err error) (*api.Problem, bool) {
	var (
		invalid *model.InvalidError
		needed  *model.CredentialsRequiredError
		inUse   *model.InUseError
		users   *model.PolicyInUseError
		fault   *model.FaultError
		file    *model.FileReplacedError
		storage *model.StorageError
		locked  *model.LockedError
		away    *model.UnavailableError
		refused *model.DatabaseError
	)
	p := &api.Problem{Status: http.StatusUnprocessableEntity, Detail: err.Error()}
	switch {
	case errors.As(err, &file): // not 503, as the next two: a retry fails as well
		p.Type, p.Title = api.ProblemDatabaseReplaced, "The database file is not the one that was opened"
		p.Status, p.Detail = http.StatusInternalServerError, asSentence(file)
	case errors.As(err, &storage):
		p.Type, p.Title = api.ProblemStorage, "The control plane cannot use its files"
		p.Status, p.Detail = http.StatusInternalServerError, asSentence(storage)
	case errors.As(err, &refused):
		p.Type, p.Title = api.ProblemStorage, "The control plane cannot use its database"
		p.Status, p.Detail = http.StatusInternalServerError, asSentence(refused)
	case errors.As(err, &locked):
		p.Type, p.Title = api.ProblemLocked, "The database is locked by another process"
		p.Status, p.Detail = http.StatusInternalServerError, asSentence(locked)
	case errors.As(err, &away):
		p.Type, p.Title, p.Status = api.ProblemUnavailable, "The database is not available", http.StatusServiceUnavailable
		p.Detail, p.RetryAfterSeconds = "The database "+away.Reason+". Try again later.", retryAfterSeconds
	case errors.As(err, &invalid):
		p.Type, p.Title = api.ProblemInvalid, "The request is not valid"
		for _, wrong := range invalid.Fields {
			p.Errors = append(p.Errors, api.ProblemError{Path: wrong.Path, Message: wrong.Message})
		}
		p.Detail = summary(p.Errors)
	case errors.As(err, &needed):
		p.Type, p.Title, p.Detail = api.ProblemCredentialsNeeded, "Credentials required", asSentence(needed)
		for _, field := range needed.Fields {
			p.Errors = append(p.Errors, api.ProblemError{
				Path: "settings." + field, Message: "requires the credentials in the same request",
			})
		}
	case errors.As(err, &inUse):
		p.Type, p.Title, p.Status = api.ProblemConnectionInUse, "The connection is in use", http.StatusConflict
		p.Detail, p.Uses, p.Policies = asSentence(inUse), usesOf(inUse.Uses), policyReferencesOf(inUse.Policies)
	case errors.As(err, &users):
		p.Type, p.Title, p.Status = api.ProblemPolicyInUse, "Users are assigned to the sync policy", http.StatusConflict
		p.Detail, p.Users, p.UsersTotal = asSentence(users), userReferencesOf(users.Users), users.Total
	case errors.As(err, &fault):
		p.Type, p.Detail, p.Fault = api.ProblemFault, fault.Fault.Message, faultOf(&fault.Fault, fault.Remembered)
		p.Title, p.RevalidationID = p.Fault.Title, fault.RevalidationID
	default:
		return nil, false
	}
	p.Type = api.ProblemTypePrefix + p.Type
	return p, true
}

// maxCause is the length of the part of an unknown error that is shown.
const maxCause = 1000

// internalProblem is the problem for a failure that the client cannot correct.
func internalProblem(ctx context.Context, cause string) *api.Problem {
	p := &api.Problem{
		Type: api.ProblemTypePrefix + api.ProblemInternal, Title: "Internal error", Status: http.StatusInternalServerError,
		Detail: seeLog,
	}
	if isEmbedded(ctx) {
		if runes := []rune(cause); len(runes) > maxCause {
			cause = string(runes[:maxCause]) + "…"
		}
		p.Detail = "The embedded control plane failed unexpectedly: " + strings.TrimRight(cause, ".") + "."
	}
	return p
}
