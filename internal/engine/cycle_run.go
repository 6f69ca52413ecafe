package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Logs and progress are saved together, when either of these is reached and at the end of each page of users: often enough
// for whoever watches, and seldom enough for a hundred thousand users.
const (
	maxUnsavedLogs = 200
	maxUnsavedTime = 100 * time.Millisecond
)

// errCanceled is the cause of a cycle's context when the cycle was asked to end.
var errCanceled = errors.New("the cycle was asked to end")

// cycleRun is one process's part in a full sync cycle. It signs in once with each connection of the policy, then checks every
// enabled user behind the cursor on each. Moving data between the systems is not its work.
type cycleRun struct {
	engine *Engine
	state  *cycleState
	sides  []*cycleSide
	// unsaved are logs since the last save, which was at lastSave.
	unsaved  []model.SyncLog
	lastSave time.Time
}

// cycleSide is one connection of a cycle's policy.
type cycleSide struct {
	openedConnection
	// session is nil if the sign-in failed.
	session *session
	// fault touches every user from here on; nil while the connection works.
	fault *model.Fault
}

// RunCycle takes a requested cycle, or one whose process has stopped, and runs it from its cursor to its end. It signs in by
// itself, and returns when everything is saved. If another process has the cycle, takes it over, or has ended it, the error
// is [model.ErrCycleLost], and nothing more is saved. A cycle that is asked to end, or whose context ends, ends as
// interrupted.
func (e *Engine) RunCycle(ctx context.Context, id string) error {
	r, err := e.takeCycle(context.WithoutCancel(ctx), id)
	if err != nil {
		return fmt.Errorf("take cycle %s: %w", id, err)
	}
	run, stop := r.state.keepAlive(ctx)
	err = r.steps(run)
	for _, side := range r.sides {
		if side.session != nil {
			side.session.close(context.WithoutCancel(ctx))
		}
	}
	asked, lost := run.Err() != nil, errors.Is(context.Cause(run), model.ErrCycleLost) || errors.Is(err, model.ErrCycleLost)
	stop()
	if lost {
		return fmt.Errorf("run cycle %s: %w", id, model.ErrCycleLost)
	}
	if endErr := r.end(context.WithoutCancel(ctx), err); endErr != nil {
		return errors.Join(err, endErr)
	}
	if asked {
		return nil
	}
	return err
}

// takeCycle makes this process the one that runs a cycle.
func (e *Engine) takeCycle(ctx context.Context, id string) (*cycleRun, error) {
	r := &cycleRun{engine: e, lastSave: time.Now()}
	holder, err := e.newHolder()
	if err != nil {
		return nil, err
	}
	err = e.store.Update(ctx, func(tx model.Tx) error {
		c, err := tx.CycleByID(ctx, id)
		if err != nil {
			return err
		}
		now := e.clock()
		if c.State != model.CycleRunning || c.LeaseHolder != "" && leased(&c, now) {
			return model.ErrCycleLost
		}
		c.Epoch, c.LeaseHolder, c.LeaseUntil = c.Epoch+1, holder, new(now.Add(cycleLease))
		if err := tx.TakeCycle(ctx, c); err != nil {
			return err
		}
		r.state = &cycleState{engine: e, cycle: c}
		p, err := readPolicy(ctx, tx, c.PolicyID)
		if errors.Is(err, model.ErrNotFound) {
			return nil // it ends at once
		}
		if err != nil {
			return err
		}
		r.sides, err = e.cycleSides(ctx, tx, p, now)
		return err
	})
	return r, err
}

func (r *cycleRun) steps(ctx context.Context) error {
	if len(r.sides) == 0 {
		return errors.New("the sync policy or its connections were deleted")
	}
	for _, side := range r.sides {
		if err := r.signIn(ctx, side); err != nil {
			return err
		}
	}
	for page := (model.Page{After: r.state.get().Cursor, Limit: model.MaxPage}); ; {
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
			return ctx.Err()
		}
		page.After = users[len(users)-1].ID
	}
}

// signIn signs in with a connection and notes on it what was found, as a test does. That is why a corrected connection works
// again with the next cycle, without a further step.
func (r *cycleRun) signIn(ctx context.Context, side *cycleSide) error {
	if side.connection.CredentialsBlank {
		r.setFault(side, r.engine.blankResult(side.connection, quickTest).fault)
		return nil
	}
	timed, cancel := r.engine.withTestTimeout(ctx)
	defer cancel()
	s, found, err := r.engine.signIn(timed, &side.openedConnection, false)
	if err != nil {
		return err
	}
	side.session = s
	if found.fault != nil {
		r.setFault(side, found.fault)
	}
	return r.recordResult(ctx, side, found)
}

// setFault makes a fault the connection's: every user from here on gets it, without a further call.
func (r *cycleRun) setFault(side *cycleSide, fault *model.Fault) {
	side.fault = fault
	r.state.change(func(c *model.Cycle) {
		if c.Fault == nil {
			c.Fault = fault
		}
	})
}

// checkUser checks one user on each connection. The logs of a user are saved together, or not at all.
func (r *cycleRun) checkUser(ctx context.Context, u model.User) error {
	faulty := false
	logs := make([]model.SyncLog, 0, len(r.sides))
	for _, side := range r.sides {
		log, err := r.checkConnection(ctx, side, u)
		if err != nil {
			return err
		}
		faulty = faulty || !log.Passed
		logs = append(logs, log)
	}
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

// checkConnection checks one user on one connection.
func (r *cycleRun) checkConnection(ctx context.Context, side *cycleSide, u model.User) (model.SyncLog, error) {
	id, err := newID()
	if err != nil {
		return model.SyncLog{}, err
	}
	c := r.state.get()
	log := model.SyncLog{
		ID: id, CycleID: c.ID, PolicyID: c.PolicyID, PolicyName: c.PolicyName,
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
	return log, ctx.Err()
}

// test runs one test within the time of a test.
func (r *cycleRun) test(ctx context.Context, side *cycleSide, test target.Test, user string) (target.Check, *model.Fault, error) {
	ctx, cancel := r.engine.withTestTimeout(ctx)
	defer cancel()
	return side.session.check(ctx, test, user)
}

// checkConnectionFault finds out whether a fault that one user got is the connection's. Rejected credentials always are: the
// next user would have them rejected once more, until the account is locked. For a system that was not available, or asked
// to slow down, the quick test decides.
func (r *cycleRun) checkConnectionFault(ctx context.Context, side *cycleSide, fault *model.Fault) error {
	if fault == nil {
		return nil
	}
	switch fault.Code {
	case target.GivenCredentials:
	case target.SystemNotAvailable, target.Throttled:
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

// recordResult notes on the connection what was found, unless the connection changed in the meantime.
func (r *cycleRun) recordResult(ctx context.Context, side *cycleSide, found signInResult) error {
	err := r.engine.store.Update(ctx, func(tx model.Tx) error {
		err := r.engine.recordResult(ctx, tx, &side.openedConnection, found)
		if errors.Is(err, model.ErrNotFound) {
			return nil // deleted in the meantime
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("note what the cycle found on connection %q: %w", side.connection.Name, err)
	}
	return nil
}

// save writes the logs and the progress, unless the cycle is no longer this process's.
func (r *cycleRun) save(ctx context.Context) error {
	if err := r.state.save(ctx, r.unsaved); err != nil {
		return err
	}
	r.unsaved, r.lastSave = r.unsaved[:0], time.Now()
	return nil
}

// end writes the end of a cycle down, with what was not saved yet.
func (r *cycleRun) end(ctx context.Context, err error) error {
	ctx, cancel := context.WithTimeout(ctx, auditTimeout)
	defer cancel()
	now := r.engine.clock()
	r.state.change(func(c *model.Cycle) {
		c.State, c.FinishedAt = model.CycleInterrupted, &now
		if err == nil { // users may have been added and removed since the beginning
			c.State, c.UsersTotal = model.CycleFinished, c.UsersDone
		}
	})
	return r.save(ctx)
}
