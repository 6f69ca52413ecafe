package model

import "time"

// CycleState is the progress of a full sync cycle.
type CycleState string

// The states of a cycle. Interrupted: the control plane that ran it stopped, or was asked to end it.
const (
	CycleRunning     CycleState = "running"
	CycleFinished    CycleState = "finished"
	CycleInterrupted CycleState = "interrupted"
)

// Cycle is one full sync cycle: one run of a policy over the enabled users that it checks.
type Cycle struct {
	ID         string
	PolicyID   string
	PolicyName string
	State      CycleState
	StartedAt  time.Time
	// HeartbeatAt is when a running cycle last saved its progress.
	HeartbeatAt time.Time
	FinishedAt  *time.Time
	UsersTotal  int
	UsersDone   int
	UsersFaulty int
	// Cursor is the id of the last user who was checked. The cycle continues with the next one.
	Cursor string
	// Epoch increases each time a process takes the cycle to run it. Earlier processes can no longer save anything.
	Epoch int64
	// LeaseHolder names the process that runs the cycle; empty if none has taken it yet.
	LeaseHolder string
	// LeaseUntil is when other processes can take the cycle; nil if it has ended.
	LeaseUntil *time.Time
	// CancelRequestedAt is when the cycle was requested to end early; nil if it was not.
	CancelRequestedAt *time.Time
	// Fault is the first connection fault. It affected every user of the cycle, or all that were left when it occurred.
	Fault *Fault
}
