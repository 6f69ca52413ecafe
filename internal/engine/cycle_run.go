package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// Logs and progress are saved together, when either of these is reached and at the end of each page of users: often enough
// for a client that watches, and seldom enough for a hundred thousand users.
const (
	maxUnsavedLogs = 200
	maxUnsavedTime = 100 * time.Millisecond
)

// errCanceled is the cause of a cycle's context when the cycle was asked to end.
var errCanceled = errors.New("the cycle was asked to end")

// cycleRun is one process's part in a full sync cycle. It signs in once with each connection of the policy, then checks the
// policy's enabled users behind the cursor on each. Moving data between the systems is not its work.
type cycleRun struct {
	engine *Engine
	state  *cycleState
	sides  []*cycleSide
	// slice limits this part of the cycle; nil if it goes on to the end.
	slice *sliceEnd
	// unsaved are logs since the last save, which was at lastSave.
	unsaved  []model.SyncLog
	lastSave time.Time
}

// RunCycle takes a requested cycle, or one whose process has stopped, and runs it from its cursor to its end. It signs in by
// itself, and returns when everything is saved. If another process has the cycle, takes it over, or has ended it, the error
// is [model.ErrCycleLost], and nothing more is saved. A cycle that is asked to end, or whose context ends, ends as
// interrupted.
func (e *Engine) RunCycle(ctx context.Context, id string) error {
	r, err := e.takeCycle(context.WithoutCancel(ctx), id, nil)
	if err != nil {
		return fmt.Errorf("take cycle %s: %w", id, err)
	}
	cause, err := r.run(ctx)
	asked := cause != nil
	if errors.Is(cause, model.ErrCycleLost) || errors.Is(err, model.ErrCycleLost) {
		return fmt.Errorf("run cycle %s: %w", id, model.ErrCycleLost)
	}
	if endErr := r.end(context.WithoutCancel(ctx), err); endErr != nil {
		return errors.Join(err, endErr)
	}
	if asked {
		err = nil // it ended as requested
	}
	return err
}

// run does the steps while it keeps the lease, and returns why they were asked to stop; nil if they were not.
func (r *cycleRun) run(ctx context.Context) (cause, err error) {
	r.engine.observer.CycleTaken()
	defer r.engine.observer.CycleLeft()
	run, stop := r.state.keepAlive(ctx)
	defer stop() // also after a panic, which would keep the lease forever
	err = r.steps(run)
	for _, side := range r.sides {
		if side.session != nil {
			side.session.close(context.WithoutCancel(ctx))
		}
	}
	return context.Cause(run), err
}

// takeCycle makes this process the one that runs a cycle. With an epoch, it must be the one that the cycle has.
func (e *Engine) takeCycle(ctx context.Context, id string, epoch *int64) (*cycleRun, error) {
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
		now, err := e.leaseClock(ctx, tx)
		if err != nil {
			return err
		}
		if c.State != model.CycleRunning || c.LeaseHolder != "" && leased(&c, now) || epoch != nil && *epoch != c.Epoch {
			return model.ErrCycleLost
		}
		c.Epoch, c.LeaseHolder, c.LeaseUntil = c.Epoch+1, holder, new(now.Add(cycleLease))
		if err := tx.TakeCycle(ctx, c); err != nil {
			return err
		}
		r.state = newCycleState(e, c)
		p, err := readPolicy(ctx, tx, c.PolicyID)
		if errors.Is(err, model.ErrNotFound) || c.CancelRequestedAt != nil {
			return nil // without connections, it ends at once
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
		return errors.New("its policy or connections were deleted, or it was requested to end")
	}
	if err := r.eachSide(func(_ int, side *cycleSide) error { return r.signIn(ctx, side) }); err != nil {
		return err
	}
	cycle := r.state.get()
	for page := (model.Page{After: cycle.Cursor, Limit: api.MaxPage}); ; {
		users, err := r.engine.Users(ctx, usersOf(cycle.PolicyID), page)
		if err != nil {
			return err
		}
		for _, u := range users {
			if r.slice.reached(r.state.get().UsersDone - cycle.UsersDone) {
				return errSliceEnd
			}
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

// save writes the logs and the progress, unless the cycle is no longer this process's.
func (r *cycleRun) save(ctx context.Context) error {
	if err := r.state.save(ctx, r.unsaved); err != nil {
		return err
	}
	r.unsaved, r.lastSave = r.unsaved[:0], time.Now()
	return nil
}

// end saves the end of a cycle, with everything that is not saved yet. If that is impossible, such as with a full disk, it saves
// the end without it.
func (r *cycleRun) end(ctx context.Context, err error) error {
	ctx, cancel := context.WithTimeout(ctx, auditTimeout)
	defer cancel()
	now := r.engine.clock()
	end := func(c *model.Cycle) {
		c.State, c.FinishedAt = model.CycleInterrupted, &now
		if err == nil { // users may have been added and removed since the start
			c.State, c.UsersTotal = model.CycleFinished, c.UsersDone
		}
	}
	r.state.change(end)
	failed := r.save(ctx)
	if failed == nil {
		r.engine.observer.CycleEnded(string(r.state.get().State))
	}
	if failed == nil || errors.Is(failed, model.ErrCycleLost) {
		return failed
	}
	err = failed
	r.unsaved = nil
	r.state.rollBack()
	r.state.change(end)
	return errors.Join(failed, r.save(ctx))
}
