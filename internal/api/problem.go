package api

import (
	"errors"
	"net/http"
)

// ProblemTypePrefix is the prefix of problem types. They are identifiers, not addresses.
const ProblemTypePrefix = "urn:riva:problem:"

// The types of problems, without the prefix.
const (
	ProblemInvalid         = "invalid-request"
	ProblemUnauthenticated = "unauthenticated"
	ProblemScope           = "insufficient-scope"
	// ProblemTooManyRequests: the client is to wait, see Retry-After.
	ProblemTooManyRequests = "too-many-requests"
	ProblemNotFound        = "not-found"
	ProblemNameTaken       = "name-taken"
	ProblemRevision        = "revision-mismatch"
	ProblemIdempotencyKey  = "idempotency-key-reused"
	ProblemConnectionInUse = "connection-in-use"
	// ProblemPolicyInUse: users are assigned to the sync policy that was to be deleted.
	ProblemPolicyInUse       = "sync-policy-in-use"
	ProblemCredentialsNeeded = "credentials-needed"
	ProblemNoCredentials     = "no-credentials"
	ProblemNothingToConfirm  = "nothing-to-confirm"
	ProblemFault             = "target-system-fault"
	ProblemCycleRunning      = "cycle-running"
	ProblemSealed            = "credentials-sealed"
	ProblemUnavailable       = "unavailable"
	// ProblemDatabaseReplaced: the control plane's database file was deleted, moved or replaced while it was in use.
	ProblemDatabaseReplaced = "database-replaced"
	// ProblemLocked: another process has kept the control plane's database locked for too long. Nothing was changed.
	ProblemLocked = "database-locked"
	// ProblemStorage: the control plane's disk is full, read-only or damaged. Nothing was changed.
	ProblemStorage  = "storage-failed"
	ProblemInternal = "internal"
	// ProblemNoRoute: the control plane has no such address or method. It does not mean that an object does not exist.
	ProblemNoRoute = "no-such-route"
	// ProblemTooLarge: the request is larger than the limit, 1 MiB.
	ProblemTooLarge = "request-too-large"
	// ProblemNotControlPlane is created by the client: the response did not come from a control plane.
	ProblemNotControlPlane = "not-a-control-plane"
)

// Problem is an error response (RFC 9457). It is a Go error.
type Problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail,omitempty"`
	RequestID string         `json:"request_id,omitempty"`
	Errors    []ProblemError `json:"errors,omitempty" doc:"Which fields of the request are wrong, and how."`
	Fault     *Fault         `json:"fault,omitempty"`
	// ObjectID is the object that has the name, for name-taken.
	ObjectID string            `json:"object_id,omitempty"`
	Uses     []Use             `json:"uses,omitempty"`
	Policies []PolicyReference `json:"policies,omitempty"`
	// Users are the first users that are assigned to the sync policy, and UsersTotal is how many there are.
	Users      []UserReference `json:"users,omitempty"`
	UsersTotal int             `json:"users_total,omitempty"`
	// RevalidationID is the re-validation that failed with the fault.
	RevalidationID string `json:"revalidation_id,omitempty"`
	// RetryAfterSeconds is sent in the header Retry-After, 0 without it.
	RetryAfterSeconds int `json:"-"`
}

// ProblemError is one wrong value of a request.
type ProblemError struct {
	// Path is the path of the value, such as settings.ews_url.
	Path    string `json:"path"`
	Message string `json:"message"`
}

// NotFound is the problem for an object that does not exist. Which is the id or the name that was searched for.
func NotFound(object, which string) *Problem {
	return &Problem{
		Type: ProblemTypePrefix + ProblemNotFound, Title: "Not found", Status: http.StatusNotFound,
		Detail: "There is no " + object + " " + which + ".",
	}
}

// Error returns title and detail on one line.
func (p *Problem) Error() string {
	if p.Detail == "" {
		return p.Title
	}
	return p.Title + ": " + p.Detail
}

// AsProblem finds the problem in an error.
func AsProblem(err error) (*Problem, bool) {
	var p *Problem
	ok := errors.As(err, &p)
	return p, ok
}

// IsProblem reports whether an error is a problem of the type (one of the constants, without the prefix).
func IsProblem(err error, name string) bool {
	p, ok := AsProblem(err)
	return ok && p.Type == ProblemTypePrefix+name
}

// IsNotFound reports whether the control plane returned that the object does not exist. 401 and 403 never mean that.
func IsNotFound(err error) bool {
	p, ok := AsProblem(err)
	return ok && p.Status == http.StatusNotFound && p.Type == ProblemTypePrefix+ProblemNotFound
}
