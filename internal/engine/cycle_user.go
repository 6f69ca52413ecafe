package engine

import (
	"context"
	"slices"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// checkUser checks one user on all connections. The logs of a user are saved together, or not at all.
func (r *cycleRun) checkUser(ctx context.Context, u model.User) error {
	logs := make([]model.SyncLog, len(r.sides))
	for n := range logs { // the order of the IDs is that of the connections
		id, err := newID()
		if err != nil {
			return err
		}
		logs[n].ID = id
	}
	if err := r.eachSide(func(n int, side *cycleSide) error { return r.checkConnection(ctx, side, u, &logs[n]) }); err != nil {
		return err
	}
	faulty := slices.ContainsFunc(logs, func(l model.SyncLog) bool { return !l.Passed })
	r.unsaved = append(r.unsaved, logs...)
	r.state.change(func(c *model.Cycle) {
		c.Cursor, c.UsersDone = u.ID, c.UsersDone+1
		c.UsersTotal = max(c.UsersTotal, c.UsersDone)
		if faulty {
			c.UsersFaulty++
		}
	})
	if len(r.unsaved) < maxUnsavedLogs && time.Since(r.lastSave) < maxUnsavedTime {
		return nil
	}
	return r.save(ctx)
}

// checkConnection checks one user on one connection, and fills the log, which has its ID.
func (r *cycleRun) checkConnection(ctx context.Context, side *cycleSide, u model.User, log *model.SyncLog) error {
	c := r.state.get()
	*log = model.SyncLog{
		ID: log.ID, CycleID: c.ID, PolicyID: c.PolicyID, PolicyName: c.PolicyName,
		UserID: u.ID, UserEmail: u.Email, ConnectionID: side.connection.ID, ConnectionName: side.connection.Name,
	}
	if side.fault == nil {
		check, fault, err := r.test(ctx, side, side.account.System.UserTest, u.Email)
		if err != nil {
			return err
		}
		log.Message, log.Fault = check.Message, fault
		if err := r.checkConnectionFault(ctx, side, fault); err != nil {
			return err
		}
	}
	if side.fault != nil {
		log.Message, log.Fault = side.fault.Summary(), side.fault
	}
	log.At, log.Passed = r.engine.clock(), log.Fault == nil
	return ctx.Err()
}

// test runs one test within the time of a test.
func (r *cycleRun) test(ctx context.Context, side *cycleSide, test target.Test, user string) (target.Check, *model.Fault, error) {
	ctx, cancel := r.engine.withTestTimeout(ctx)
	defer cancel()
	return side.session.check(ctx, test, user)
}

// checkConnectionFault finds out whether a fault that one user got is the connection's. Rejected credentials always are: the
// next user would have them rejected once more, until the account is locked. For a system that was not available or asked
// to slow down, and for a refusal that is not certain, the quick test decides.
func (r *cycleRun) checkConnectionFault(ctx context.Context, side *cycleSide, fault *model.Fault) error {
	if fault == nil {
		return nil
	}
	switch {
	case fault.Certain:
	case fault.Unclear, fault.Code == target.SystemNotAvailable, fault.Code == target.Throttled:
		var err error
		if _, fault, err = r.test(ctx, side, target.General, ""); err != nil || fault == nil {
			return err
		}
	default:
		return nil
	}
	side.fault = fault
	return r.recordResult(ctx, side, signInResult{fault: fault, connectionFault: true})
}
