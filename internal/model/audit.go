package model

import "time"

// AuditEvent records a change or a rejected request: who, what, which object, when. It never contains a secret.
type AuditEvent struct {
	ID        string
	At        time.Time
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
