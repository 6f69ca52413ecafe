package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// errCycleEnded: the cycle was ended by somebody else, or its policy's record is gone.
var errCycleEnded = errors.New("the cycle was given up")

// cycleRun is a full sync cycle under way. It signs in once with each connection of the policy, then checks every enabled user
// on each. Moving data between the systems is not its work.
type cycleRun struct {
	engine *Engine
	cycle  model.Cycle
	sides  []*cycleSide
}

// cycleSide is one connection of a cycle's policy.
type cycleSide struct {
	openedConnection
	// session is nil if the sign-in failed.
	session *session
	// fault touches every user from here on; nil while the connection works.
	fault *model.Fault
}

// execute runs the cycle to its end, whatever that is, and writes the end down.
func (r *cycleRun) execute(ctx context.Context) {
	err := r.steps(ctx)
	for _, l := range r.sides {
		if l.session != nil {
			l.session.close(ctx)
		}
		r.engine.saveRotated(ctx, &l.openedConnection)
	}
	log := r.engine.log.With("cycle", r.cycle.ID, "policy", r.cycle.PolicyID)
	if errors.Is(err, errCycleEnded) {
		log.WarnContext(ctx, "cycle given up: it was ended elsewhere")
		return
	}
	if err != nil && ctx.Err() == nil {
		log.ErrorContext(ctx, "cycle interrupted", "error", err)
	}
	now := r.engine.clock()
	r.cycle.State, r.cycle.FinishedAt = model.CycleInterrupted, &now
	if err == nil {
		// People may have come and gone since the beginning.
		r.cycle.State, r.cycle.UsersTotal = model.CycleFinished, r.cycle.UsersDone
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	if err := r.save(ctx, nil); err != nil {
		log.ErrorContext(ctx, "write down the end of the cycle", "error", err)
	}
}

func (r *cycleRun) steps(ctx context.Context) error {
	for _, l := range r.sides {
		if err := r.signIn(ctx, l); err != nil {
			return err
		}
		if err := r.save(ctx, nil); err != nil {
			return err
		}
	}
	for page := (model.Page{Limit: api.MaxPage}); ; {
		users, err := r.engine.Users(ctx, enabledUsers(), page)
		if err != nil {
			return err
		}
		for _, u := range users {
			if err := r.checkUser(ctx, u); err != nil {
				return err
			}
		}
		if len(users) < page.Limit {
			return nil
		}
		page.After = users[len(users)-1].ID
	}
}

// connectionFault signs in with a connection and notes on it what was found, as a test does. That is why a mended connection
// works again with the next cycle, without a further step.
func (r *cycleRun) signIn(ctx context.Context, l *cycleSide) error {
	if l.connection.CredentialsBlank {
		r.setFault(l, r.engine.blankResult(l.connection, quickTest).fault)
		return nil
	}
	timed, cancel := r.engine.withTestTimeout(ctx)
	defer cancel()
	s, found, err := r.engine.signIn(timed, &l.openedConnection, false)
	if err != nil {
		return err
	}
	l.session = s
	if found.fault != nil {
		r.setFault(l, found.fault)
	}
	return r.recordResult(ctx, l, found)
}

// setFault makes a fault the connection's: every user from here on gets it, without a further call.
func (r *cycleRun) setFault(l *cycleSide, fault *model.Fault) {
	l.fault = fault
	if r.cycle.Fault == nil {
		r.cycle.Fault = fault
	}
}

// checkUser checks one user on each connection and writes the logs.
func (r *cycleRun) checkUser(ctx context.Context, u model.User) error {
	faulty := false
	for _, l := range r.sides {
		log, err := r.checkConnection(ctx, l, u)
		if err != nil {
			return err
		}
		faulty = faulty || !log.Passed
		if l == r.sides[len(r.sides)-1] {
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
func (r *cycleRun) checkConnection(ctx context.Context, l *cycleSide, u model.User) (model.SyncLog, error) {
	id, err := newID()
	if err != nil {
		return model.SyncLog{}, err
	}
	log := model.SyncLog{
		ID: id, CycleID: r.cycle.ID, PolicyID: r.cycle.PolicyID, PolicyName: r.cycle.PolicyName,
		UserID: u.ID, UserEmail: u.Email, ConnectionID: l.connection.ID, ConnectionName: l.connection.Name,
	}
	if l.fault == nil {
		check, fault, err := r.test(ctx, l, l.account.System.UserTest, u.Email)
		if err != nil {
			return model.SyncLog{}, err
		}
		log.Message, log.Fault = check.Message, fault
		if err := r.checkConnectionFault(ctx, l, fault); err != nil {
			return model.SyncLog{}, err
		}
	}
	if l.fault != nil {
		log.Message, log.Fault = l.fault.Summary(), l.fault
	}
	log.At, log.Passed = r.engine.clock(), log.Fault == nil
	return log, nil
}

// test runs one test within the time of a test.
func (r *cycleRun) test(ctx context.Context, l *cycleSide, test target.Test, user string) (target.Check, *model.Fault, error) {
	ctx, cancel := r.engine.withTestTimeout(ctx)
	defer cancel()
	return l.session.check(ctx, test, user)
}

// checkConnectionFault finds out whether a fault that one user met is the connection's. Refused credentials always are: the next user
// would have them refused once more, until the account is locked. For a system that was not available, or asked to slow
// down, the quick test decides.
func (r *cycleRun) checkConnectionFault(ctx context.Context, l *cycleSide, fault *model.Fault) error {
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
		if _, fault, err = r.test(ctx, l, target.General, ""); err != nil || fault == nil {
			return err
		}
	default:
		return nil
	}
	r.setFault(l, fault)
	return r.recordResult(ctx, l, signInResult{fault: fault, connectionFault: true})
}

// recordResult notes on the connection what was found, unless the connection changed meanwhile.
func (r *cycleRun) recordResult(ctx context.Context, l *cycleSide, found signInResult) error {
	err := r.engine.store.Update(ctx, func(tx model.Tx) error { return r.engine.recordResult(ctx, tx, &l.openedConnection, found) })
	if err != nil {
		return fmt.Errorf("note what the cycle found on connection %q: %w", l.connection.Name, err)
	}
	return nil
}

// save writes logs and progress, which is the sign of life, unless the cycle was ended elsewhere.
func (r *cycleRun) save(ctx context.Context, logs []model.SyncLog) error {
	r.cycle.HeartbeatAt = r.engine.clock()
	err := r.engine.store.Update(ctx, func(tx model.Tx) error {
		if err := r.updateRotated(ctx, tx); err != nil {
			return err
		}
		c, err := tx.Cycle(ctx, r.cycle.PolicyID, r.cycle.ID)
		if errors.Is(err, model.ErrNotFound) || err == nil && c.State != model.CycleRunning {
			return errCycleEnded
		}
		if err != nil {
			return err
		}
		if len(logs) > 0 {
			if err := tx.InsertSyncLogs(ctx, logs); err != nil {
				return err
			}
		}
		return tx.UpdateCycle(ctx, r.cycle)
	})
	if err != nil {
		return fmt.Errorf("write down the progress of cycle %s: %w", r.cycle.ID, err)
	}
	return nil
}

// updateRotated keeps what target systems rotated in the course of the cycle.
func (r *cycleRun) updateRotated(ctx context.Context, tx model.Tx) error {
	for _, l := range r.sides {
		if l.cache == nil || len(l.cache.tokens.Rotated()) == 0 {
			continue
		}
		c, err := tx.Connection(ctx, l.connection.ID)
		if errors.Is(err, model.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if err := r.engine.updateRotated(ctx, tx, &l.openedConnection, c); err != nil {
			return err
		}
	}
	return nil
}
