package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// auditTimeout bounds a write that must happen even if the caller has disconnected.
const auditTimeout = 5 * time.Second

// outcomeDone is the outcome of a request that succeeded.
const outcomeDone = "done"

// withAudit runs an operation and writes an audit event if the operation rejects the request. An operation that succeeds
// writes its own event, in the same transaction as its changes.
func withAudit[T any](ctx context.Context, e *Engine, action, objectID string, operation func() (T, error)) (T, error) {
	result, err := operation()
	outcome, detail := AuditOutcome(err)
	if outcome == "" {
		return result, err
	}
	caller := CallerFrom(ctx)
	e.log.InfoContext(ctx, "request rejected", "action", action, "object", objectID, "outcome", outcome, "detail", detail,
		"actor", caller.actor(), "request_id", caller.RequestID)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	failure := e.store.Update(ctx, func(tx model.Tx) error {
		return e.recordAudit(ctx, tx, action, objectID, outcome, detail)
	}, model.AppendKey)
	if failure != nil {
		err = errors.Join(err, fmt.Errorf("record the rejection: %w", failure))
	}
	return result, err
}

// recordAudit writes one audit event.
func (e *Engine) recordAudit(ctx context.Context, tx model.Tx, action, objectID, outcome, detail string) error {
	return RecordAudit(ctx, tx, e.clock(), action, objectID, outcome, detail)
}

// RecordAudit writes an audit event of the [Caller], for operations that are not the engine's.
func RecordAudit(ctx context.Context, tx model.Tx, at time.Time, action, objectID, outcome, detail string) error {
	id, err := newID()
	if err != nil {
		return err
	}
	caller := CallerFrom(ctx)
	return tx.InsertAudit(ctx, model.AuditEvent{
		ID: id, At: at, Actor: caller.actor(), RequestID: caller.RequestID,
		Action: action, ObjectID: objectID, Outcome: outcome, Detail: detail,
	})
}

// actor is who is recorded as the origin of a request.
func (c Caller) actor() string { return cmp.Or(c.Actor, c.Name) }

// AuditEvents lists the audit trail, newest first.
func (e *Engine) AuditEvents(ctx context.Context, f model.AuditFilter, p model.Page) ([]model.AuditEvent, error) {
	events, err := e.store.AuditEvents(ctx, f, clampPage(p))
	if err != nil {
		return nil, fmt.Errorf("list audit events: %w", err)
	}
	return events, nil
}

// AuditOutcome returns the audit outcome of an error, with one line of detail that cannot contain a secret: of invalid fields
// only the paths. Errors that are not rejections (the store fails, the caller disconnects) have no outcome.
func AuditOutcome(err error) (outcome, detail string) {
	var (
		invalid *model.InvalidError
		fault   *model.FaultError
		needed  *model.CredentialsRequiredError
		inUse   *model.InUseError
		taken   *model.NameTakenError
	)
	switch {
	case err == nil:
		return "", ""
	case errors.As(err, &invalid):
		paths := make([]string, len(invalid.Fields))
		for i, p := range invalid.Fields {
			paths[i] = p.Path
		}
		return "invalid", strings.Join(paths, ", ")
	case errors.As(err, &fault):
		if fault.Remembered {
			return string(fault.Fault.Code), "remembered: the target system was not contacted"
		}
		return string(fault.Fault.Code), fault.Fault.Code.Title()
	case errors.As(err, &needed):
		return "credentials_needed", strings.Join(needed.Fields, ", ")
	case errors.As(err, &inUse):
		return "in_use", inUse.Error()
	case errors.As(err, &taken):
		return "name_taken", taken.ID
	}
	for sentinel, outcome := range map[error]string{
		model.ErrNotFound: "not_found", model.ErrRevision: "revision", model.ErrIdempotencyKey: "idempotency_key",
		model.ErrCycleRunning: "cycle_running", model.ErrSealed: "sealed", model.ErrNoCredentials: "no_credentials",
	} {
		if errors.Is(err, sentinel) {
			return outcome, ""
		}
	}
	return "", ""
}
