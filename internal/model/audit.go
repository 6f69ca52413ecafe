package model

import "time"

// AuditEvent records a change or a refused attempt: who, what, which object, when; never a secret.
type AuditEvent struct {
	ID        string
	At        time.Time
	Actor     string
	RequestID string
	// Action is a word for what was asked, such as "connection.update".
	Action string
	// ObjectID is the object it was asked of; empty if none was made.
	ObjectID string
	// Outcome is "done", or the code of the refusal or fault.
	Outcome string
	// Detail is one line without secrets, such as the names of the changed fields.
	Detail string
}
