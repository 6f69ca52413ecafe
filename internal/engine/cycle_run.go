package engine

import (
	"context"
	"errors"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// errCycleEnded: another process ended the cycle, or its record was deleted.
var errCycleEnded = errors.New("the cycle was ended elsewhere")

// cycleRun is a running full sync cycle. It signs in once with each connection of the policy, then checks every enabled user
// on each of them. It does not move data between the systems.
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
	// fault affects every user that is not checked yet; nil while the connection works.
	fault *model.Fault
}

// execute runs the cycle until it ends for any reason, and saves the end.
func (r *cycleRun) execute(ctx context.Context) {
	err := r.steps(ctx)
	for _, side := range r.sides {
		if side.session != nil {
			side.session.close(ctx)
		}
		r.engine.saveRotated(ctx, &side.openedConnection)
	}
	log := r.engine.log.With("cycle", r.cycle.ID, "policy", r.cycle.PolicyID)
	if errors.Is(err, errCycleEnded) {
		log.WarnContext(ctx, "cycle stopped: another process ended it")
		return
	}
	if err != nil && ctx.Err() == nil {
		log.ErrorContext(ctx, "cycle interrupted", "error", err)
	}
	now := r.engine.clock()
	r.cycle.State, r.cycle.FinishedAt = model.CycleInterrupted, &now
	if err == nil {
		// Users may have been added or deleted since the start.
		r.cycle.State, r.cycle.UsersTotal = model.CycleFinished, r.cycle.UsersDone
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	if err := r.save(ctx, nil); err != nil {
		log.ErrorContext(ctx, "save the end of the cycle", "error", err)
	}
}

func (r *cycleRun) steps(ctx context.Context) error {
	for _, side := range r.sides {
		if err := r.signIn(ctx, side); err != nil {
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

// signIn signs in with a connection and records the result on it, as a test does. So a connection with corrected credentials
// works in the next cycle without further steps.
func (r *cycleRun) signIn(ctx context.Context, side *cycleSide) error {
	if side.connection.CredentialsBlank {
		r.setFault(side, r.engine.blankResult(side.connection, quickTest).fault)
		return nil
	}
	limited, cancel := r.engine.withTestTimeout(ctx)
	defer cancel()
	s, found, err := r.engine.signIn(limited, &side.openedConnection, false)
	if err != nil {
		return err
	}
	side.session = s
	if found.fault != nil {
		r.setFault(side, found.fault)
	}
	return r.recordResult(ctx, side, found)
}

// setFault sets the fault of the connection: all users that follow get it, without further calls.
func (r *cycleRun) setFault(side *cycleSide, fault *model.Fault) {
	side.fault = fault
	if r.cycle.Fault == nil {
		r.cycle.Fault = fault
	}
}
