package model

import "time"

// CycleState is how far a full sync cycle has come.
type CycleState string

// The states of a cycle. Interrupted: the control plane that ran it went away, or was told to end it.
const (
	CycleRunning     CycleState = "running"
	CycleFinished    CycleState = "finished"
	CycleInterrupted CycleState = "interrupted"
)

// Cycle is one full sync cycle: one run of a policy over all enabled users.
type Cycle struct {
	ID         string
	PolicyID   string
	PolicyName string
	State      CycleState
	StartedAt  time.Time
	// HeartbeatAt is the last sign of life of a running cycle.
	HeartbeatAt time.Time
	FinishedAt  *time.Time
	UsersTotal  int
	UsersDone   int
	UsersFaulty int
	// Fault is the first connection fault; it touched every enabled user, or all that were left when it arose.
	Fault *Fault
}
