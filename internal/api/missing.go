package api

import "fmt"

// NoControlPlaneError means that a data directory has no control plane yet. The first create makes one; until then, every other
// call has this error.
type NoControlPlaneError struct {
	// DataDir is the data directory.
	DataDir string
}

func (e *NoControlPlaneError) Error() string {
	return fmt.Sprintf("the data directory %s has no control plane yet", e.DataDir)
}

// OtherInstanceError means that the control plane is not the one of [Options.InstanceID]. Nothing was sent to it but the
// question for its id.
type OtherInstanceError struct {
	// Want and Got are instance ids.
	Want, Got string
}

func (e *OtherInstanceError) Error() string {
	return fmt.Sprintf("the control plane has the instance id %q, and the configured one is %q", e.Got, e.Want)
}

// DatabaseError means that the database of a control plane in this process cannot be used. Nothing was read or changed.
type DatabaseError struct {
	// Database names it by host, port and name, without the user and the password.
	Database string
	// Err says why, and what to do. It contains no password.
	Err error
	// Passes means that the cause passes by itself, as when the server restarts.
	Passes bool
}

func (e *DatabaseError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *DatabaseError) Unwrap() error { return e.Err }
