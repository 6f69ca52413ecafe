package access

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// auditTimeout bounds a write that must happen even if the caller has disconnected.
const auditTimeout = 5 * time.Second

// actionAuthenticate is the action of a rejected request for a token.
const actionAuthenticate = "client.authenticate"

// refuse records a rejected request for a token, and returns its error. The log has every rejection; the audit trail has ten of a
// client at once, and then one a minute, so that it cannot be filled from outside. Origin is the subject of an outside token.
func (s *Service) refuse(ctx context.Context, c *model.Client, origin string, cause error) error {
	var refusal *tokenError
	if !errors.As(cause, &refusal) || refusal.code == temporarilyUnavailable {
		return cause
	}
	event := engine.Caller{Name: "unknown client", RequestID: engine.CallerFrom(ctx).RequestID}
	id := ""
	if c != nil {
		event.Name, id = c.Name, c.ID
	}
	detail := refusal.description
	if origin != "" {
		event.Actor = event.Name + " (" + origin + ")"
	}
	s.log.LogAttrs(ctx, slog.LevelInfo, "request for a token rejected", slog.String("client", event.Name),
		slog.String("outcome", refusal.code), slog.String("detail", detail), slog.String("request_id", event.RequestID))
	if _, ok := s.refusals.take(id, s.now()); !ok {
		return cause
	}
	ctx, cancel := context.WithTimeout(engine.WithCaller(context.WithoutCancel(ctx), event), auditTimeout)
	defer cancel()
	failure := s.store.Update(ctx, func(tx model.Tx) error {
		return engine.RecordAudit(ctx, tx, s.now(), actionAuthenticate, id, refusal.code, detail)
	}, model.AppendKey)
	if failure != nil {
		s.log.LogAttrs(ctx, slog.LevelError, "a rejected request for a token was not recorded",
			slog.String("error", failure.Error()))
	}
	return cause
}

// change runs a change of clients, and records it if it was rejected. A change that succeeds writes its own event.
func change[T any](ctx context.Context, s *Service, action, id string, do func(model.Tx, time.Time) (T, error),
	keys ...model.WriteKey,
) (result T, err error) {
	err = s.store.Update(ctx, func(tx model.Tx) error {
		now, err := tx.Now(ctx, s.now())
		if err != nil {
			return err
		}
		result, err = do(tx, now.UTC().Truncate(time.Microsecond))
		return err
	}, keys...)
	outcome, detail := engine.AuditOutcome(err)
	if outcome == "" {
		return result, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	failure := s.store.Update(ctx, func(tx model.Tx) error {
		return engine.RecordAudit(ctx, tx, s.now(), action, id, outcome, detail)
	}, model.AppendKey)
	if failure != nil {
		err = errors.Join(err, fmt.Errorf("record the rejection: %w", failure))
	}
	return result, err
}
