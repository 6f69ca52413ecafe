package engine

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// checkUser checks one user on each connection and writes the logs.
func (r *cycleRun) checkUser(ctx context.Context, u model.User) error {
	faulty := false
	for _, side := range r.sides {
		log, err := r.checkConnection(ctx, side, u)
		if err != nil {
			return err
		}
		faulty = faulty || !log.Passed
		if side == r.sides[len(r.sides)-1] {
			r.cycle.UsersDone++
			r.cycle.UsersTotal = max(r.cycle.UsersTotal, r.cycle.UsersDone)
			if faulty {
				r.cycle.UsersFaulty++
			}
		}
		if err := r.save(ctx, []model.SyncLog{log}); err != nil {
			return err
		}
	}
	return nil
}

// checkConnection checks one user on one connection.
func (r *cycleRun) checkConnection(ctx context.Context, side *cycleSide, u model.User) (model.SyncLog, error) {
	id, err := newID()
	if err != nil {
		return model.SyncLog{}, err
	}
	log := model.SyncLog{
		ID: id, CycleID: r.cycle.ID, PolicyID: r.cycle.PolicyID, PolicyName: r.cycle.PolicyName,
		UserID: u.ID, UserEmail: u.Email, ConnectionID: side.connection.ID, ConnectionName: side.connection.Name,
	}
	if side.fault == nil {
		check, fault, err := r.test(ctx, side, side.account.System.UserTest, u.Email)
		if err != nil {
			return model.SyncLog{}, err
		}
		log.Message, log.Fault = check.Message, fault
		if err := r.checkConnectionFault(ctx, side, fault); err != nil {
			return model.SyncLog{}, err
		}
	}
	if side.fault != nil {
		log.Message, log.Fault = side.fault.Summary(), side.fault
	}
	log.At, log.Passed = r.engine.clock(), log.Fault == nil
	return log, nil
}

// test runs one test with its timeout.
func (r *cycleRun) test(ctx context.Context, side *cycleSide, test target.Test, user string) (target.Check, *model.Fault, error) {
	ctx, cancel := r.engine.withTestTimeout(ctx)
	defer cancel()
	return side.session.check(ctx, test, user)
}

// checkConnectionFault decides whether a fault of one user is a fault of the connection. Rejected credentials always are: they
// would be rejected again for the next user, until the account is locked. If the system was not available, or throttled the
// request, the quick test decides.
func (r *cycleRun) checkConnectionFault(ctx context.Context, side *cycleSide, fault *model.Fault) error {
	if fault == nil {
		return nil
	}
	switch fault.Code {
	case target.GivenCredentials:
	case target.SystemNotAvailable, target.Throttled:
		if err := r.save(ctx, nil); err != nil {
			return err
		}
		var err error
		if _, fault, err = r.test(ctx, side, target.General, ""); err != nil || fault == nil {
			return err
		}
	default:
		return nil
	}
	r.setFault(side, fault)
	return r.recordResult(ctx, side, signInResult{fault: fault, connectionFault: true})
}
