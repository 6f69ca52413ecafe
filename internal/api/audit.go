package api

import (
	"context"
	"net/url"
	"time"
)

// AuditEvent records a change or a rejected request. It never contains a secret.
type AuditEvent struct {
	ID        string    `json:"id" format:"uuid" doc:"UUIDv7."`
	At        time.Time `json:"at"`
	Actor     string    `json:"actor" doc:"Who: the client; in embedded mode the user, the host, and the pipeline with its run."`
	RequestID string    `json:"request_id,omitempty"`
	Action    string    `json:"action" doc:"The requested operation, such as connection.update."`
	ObjectID  string    `json:"object_id,omitempty" doc:"The connection, sync policy or user; absent if none was created."`
	Outcome   string    `json:"outcome" doc:"done, or the code of the error or fault."`
	Detail    string    `json:"detail,omitempty" doc:"One line, such as what was changed."`
}

// OutcomeDone is the outcome of a request that succeeded.
const OutcomeDone = "done"

// AuditFilter narrows a list of audit events. Empty members match everything.
type AuditFilter struct {
	ObjectID string
	// Actor is a part of the actor, regardless of letter case.
	Actor   string
	Action  string
	Outcome string
	// Since is the first time, and Until the first one that is too late.
	Since, Until time.Time
}

// AuditEvents lists audit events, newest first, up to a limit (zero: [MaxItems]).
func (c *Client) AuditEvents(ctx context.Context, f AuditFilter, limit int) ([]AuditEvent, error) {
	q := query{}
	q.set("object_id", f.ObjectID)
	q.set("actor", f.Actor)
	q.set("action", f.Action)
	q.set("outcome", f.Outcome)
	q.setTime("since", f.Since)
	q.setTime("until", f.Until)
	items, _, err := listUpTo[AuditEvent](ctx, c, "/v1/audit-events", url.Values(q), limit)
	return items, err
}

func (e *AuditEvent) scrubWords(f foreign) {
	f.scrubNames(&e.ID, &e.RequestID, &e.Action, &e.ObjectID, &e.Outcome)
	f.scrub(&e.Actor, &e.Detail)
}
