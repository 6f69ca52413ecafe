package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// errGivenUp: the cycle was ended by somebody else, or its policy's record is gone.
var errGivenUp = errors.New("the cycle was given up")

// run is a full sync cycle under way. It signs in once with each connection of the policy, then checks every enabled user
// on each. Moving data between the systems is not its work.
type run struct {
	engine *Engine
	cycle  model.Cycle
	legs   []*leg
}

// leg is one connection of a cycle's policy.
type leg struct {
	armed
	// session is nil if the sign-in failed.
	session *session
	// fault touches every user from here on; nil while the connection works.
	fault *model.Fault
}

// all runs the cycle to its end, whatever that is, and writes the end down.
func (r *run) all(ctx context.Context) {
	err := r.steps(ctx)
	for _, l := range r.legs {
		if l.session != nil {
			l.session.close(ctx)
		}
		r.engine.rescue(ctx, &l.armed)
	}
	log := r.engine.log.With("cycle", r.cycle.ID, "policy", r.cycle.PolicyID)
	if errors.Is(err, errGivenUp) {
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
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTime)
	defer cancel()
	if err := r.save(ctx, nil); err != nil {
		log.ErrorContext(ctx, "write down the end of the cycle", "error", err)
	}
}

func (r *run) steps(ctx context.Context) error {
	for _, l := range r.legs {
		if err := r.signIn(ctx, l); err != nil {
			return err
		}
		if err := r.save(ctx, nil); err != nil {
			return err
		}
	}
	for page := (model.Page{Limit: model.MaxPage}); ; {
		users, err := r.engine.Users(ctx, enabledUsers(), page)
		if err != nil {
			return err
		}
		for _, u := range users {
			if err := r.user(ctx, u); err != nil {
				return err
			}
		}
		if len(users) < page.Limit {
			return nil
		}
		page.After = users[len(users)-1].ID
	}
}

// signIn signs in with a connection and notes on it what was found, as a test does. That is why a mended connection
// works again with the next cycle, without a further step.
func (r *run) signIn(ctx context.Context, l *leg) error {
	if l.connection.Blanked {
		r.fail(l, r.engine.blank(l.connection, general).fault)
		return nil
	}
	timed, cancel := r.engine.timed(ctx)
	defer cancel()
	s, found, err := r.engine.signIn(timed, &l.armed, false)
	if err != nil {
		return err
	}
	l.session = s
	if found.fault != nil {
		r.fail(l, found.fault)
	}
	return r.settle(ctx, l, found)
}

// fail makes a fault the connection's: every user from here on gets it, without a further call.
func (r *run) fail(l *leg, fault *model.Fault) {
	l.fault = fault
	if r.cycle.Fault == nil {
		r.cycle.Fault = fault
	}
}

// user checks one user on each connection and writes the logs.
func (r *run) user(ctx context.Context, u model.User) error {
	faulty := false
	for _, l := range r.legs {
		log, err := r.check(ctx, l, u)
		if err != nil {
			return err
		}
		faulty = faulty || !log.Passed
		if l == r.legs[len(r.legs)-1] {
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

// check checks one user on one connection.
func (r *run) check(ctx context.Context, l *leg, u model.User) (model.SyncLog, error) {
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
		if err := r.doubt(ctx, l, fault); err != nil {
			return model.SyncLog{}, err
		}
	}
	if l.fault != nil {
		log.Message, log.Fault = l.fault.Line(), l.fault
	}
	log.At, log.Passed = r.engine.clock(), log.Fault == nil
	return log, nil
}

// test runs one test within the time of a test.
func (r *run) test(ctx context.Context, l *leg, test target.Test, user string) (target.Check, *model.Fault, error) {
	ctx, cancel := r.engine.timed(ctx)
	defer cancel()
	return l.session.check(ctx, test, user)
}

// doubt finds out whether a fault that one user met is the connection's. Refused credentials always are: the next user
// would have them refused once more, until the account is locked. For a system that was not available, or asked to slow
// down, the quick test decides.
func (r *run) doubt(ctx context.Context, l *leg, fault *model.Fault) error {
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
	r.fail(l, fault)
	return r.settle(ctx, l, finding{fault: fault, signIn: true})
}

// settle notes on the connection what was found, unless the connection changed meanwhile.
func (r *run) settle(ctx context.Context, l *leg, found finding) error {
	err := r.engine.store.Update(ctx, func(tx model.Tx) error { return r.engine.settle(ctx, tx, &l.armed, found) })
	if err != nil {
		return fmt.Errorf("note what the cycle found on connection %q: %w", l.connection.Name, err)
	}
	return nil
}

// save writes logs and progress, which is the sign of life, unless the cycle was ended elsewhere.
func (r *run) save(ctx context.Context, logs []model.SyncLog) error {
	r.cycle.SeenAt = r.engine.clock()
	err := r.engine.store.Update(ctx, func(tx model.Tx) error {
		if err := r.keepRotated(ctx, tx); err != nil {
			return err
		}
		c, err := tx.Cycle(ctx, r.cycle.PolicyID, r.cycle.ID)
		if errors.Is(err, model.ErrNotFound) || err == nil && c.State != model.CycleRunning {
			return errGivenUp
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

// keepRotated keeps what target systems rotated in the course of the cycle.
func (r *run) keepRotated(ctx context.Context, tx model.Tx) error {
	for _, l := range r.legs {
		if l.held == nil || len(l.held.tokens.Rotated()) == 0 {
			continue
		}
		c, err := tx.Connection(ctx, l.connection.ID)
		if errors.Is(err, model.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if err := r.engine.keepRotated(ctx, tx, &l.armed, c); err != nil {
			return err
		}
	}
	return nil
}
