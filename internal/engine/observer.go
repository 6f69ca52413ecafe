package engine

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Observer is called when something has happened, for metrics. Its methods are called by many goroutines and must not block. All
// texts are of small sets: names of the catalog, codes of faults, states.
type Observer interface {
	// SignedIn is called after a sign-in at a target system. The code is empty after a success.
	SignedIn(system string, fault target.Code)
	// Tested is called after a test of a connection, also one before credentials are saved. The code is empty if it passed.
	Tested(system string, test target.Test, fault target.Code)
	// CycleTaken is called when this process takes a full sync cycle, and CycleLeft when it stops running it.
	CycleTaken()
	CycleLeft()
	// CycleEnded is called after the end of a cycle was saved, with its state.
	CycleEnded(state string)
	// PersonSignedIn is called after a person came back from a target system. The system is empty if it is not known; the end is
	// a [model.AuthorizationEnd].
	PersonSignedIn(system, end string)
}

// noObserver is the Observer of an engine without metrics.
type noObserver struct{}

func (noObserver) SignedIn(string, target.Code)            {}
func (noObserver) Tested(string, target.Test, target.Code) {}
func (noObserver) CycleTaken()                             {}
func (noObserver) CycleLeft()                              {}
func (noObserver) CycleEnded(string)                       {}
func (noObserver) PersonSignedIn(string, string)           {}

// codeOf is the code of a fault; empty without one.
func codeOf(fault *model.Fault) target.Code {
	if fault == nil {
		return ""
	}
	return fault.Code
}

// FinishAuthorization ends an attempt: it exchanges the code, tests the connection with what it got, and stores it if that works.
// Somebody else's sign-in is never stored. The error is a failure of this program, or of the database.
func (e *Engine) FinishAuthorization(ctx context.Context, in model.AuthorizationCallback) (model.AuthorizationResult, error) {
	result, err := e.finishAuthorization(ctx, in)
	if err == nil {
		e.observer.PersonSignedIn(result.Connection.System, string(result.End))
	}
	return result, err
}
