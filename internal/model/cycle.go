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
	// Cursor is the last user who was checked; the cycle goes on behind it.
	Cursor string
	// Epoch grows by one each time a process takes the cycle to run it. What an earlier one still wants to save is refused.
	Epoch int64
	// LeaseHolder names the process that runs it; empty before it is taken.
	LeaseHolder string
	// LeaseUntil is until when it may be taken by no other process; nil once it ended.
	LeaseUntil *time.Time
	// CancelRequestedAt is when it was asked to end early; nil if it was not.
	CancelRequestedAt *time.Time
	// Fault is the first connection fault; it touched every enabled user, or all that were left when it arose.
	Fault *Fault
}
