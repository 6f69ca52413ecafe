package model

import "time"

// AuditEvent records a change or a rejected request: who, what, which object, when. It never contains a secret.
type AuditEvent struct {
	ID string
	At time.Time
	// Actor is who sent the request: the client of a shared control plane; in embedded mode the user, the host and the pipeline.
	Actor     string
	RequestID string
	// Action is the name of the requested operation, such as "connection.update".
	Action string
	// ObjectID is the object of the request; empty if no object was created.
	ObjectID string
	// Outcome is "done", or the code of the error or fault.
	Outcome string
	// Detail is one line without secrets, such as the names of the changed fields.
	Detail string
}

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
