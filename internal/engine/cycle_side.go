package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// cycleSide is one connection of a cycle's policy.
type cycleSide struct {
	openedConnection
	// session is nil if the sign-in failed.
	session *session
	// fault is the connection's own: every user from here on gets it, without a further call. It is nil while the connection works.
	fault *model.Fault
}

// eachSide does something with all connections at the same time, since a cycle mostly waits for target systems. It returns when
// all are done. A panic becomes the caller's, so that it ends this part of the cycle and not the process.
func (r *cycleRun) eachSide(do func(n int, side *cycleSide) error) error {
	errs, panics := make([]error, len(r.sides)), make([]any, len(r.sides))
	var sides sync.WaitGroup
	for n, side := range r.sides {
		sides.Go(func() {
			defer func() {
				if cause := recover(); cause != nil {
					panics[n] = fmt.Sprintf("%v\n\n%s", cause, debug.Stack())
				}
			}()
			errs[n] = do(n, side)
		})
	}
	sides.Wait()
	for _, cause := range panics {
		if cause != nil {
			panic(cause) //nolint:forbidigo // it is not a new one
		}
	}
	r.noteFault()
	return errors.Join(errs...)
}

// noteFault makes the first fault of a connection the cycle's.
func (r *cycleRun) noteFault() {
	for _, side := range r.sides {
		if side.fault == nil {
			continue
		}
		r.state.change(func(c *model.Cycle) {
			if c.Fault == nil {
				c.Fault = side.fault
			}
		})
		return
	}
}

// signIn signs in with a connection and notes on it what was found, as a test does. That is why a corrected connection works
// again with the next cycle, without a further step.
func (r *cycleRun) signIn(ctx context.Context, side *cycleSide) error {
	if side.connection.CredentialsBlank {
		side.fault = r.engine.blankResult(side.connection, quickTest).fault
		return nil
	}
	timed, cancel := r.engine.withTestTimeout(ctx)
	defer cancel()
	s, found, err := r.engine.signIn(timed, &side.openedConnection, false)
	if err != nil {
		return err
	}
	side.session, side.fault = s, found.fault
	return r.recordResult(ctx, side, found)
}

// recordResult notes on the connection what was found, unless the connection changed in the meantime.
func (r *cycleRun) recordResult(ctx context.Context, side *cycleSide, found signInResult) error {
	err := r.engine.store.Update(ctx, func(tx model.Tx) error {
		err := r.engine.recordResult(ctx, tx, &side.openedConnection, found)
		if errors.Is(err, model.ErrNotFound) {
			return nil // deleted in the meantime
		}
		return err
	}, model.ConnectionKey(side.connection.ID))
	if err != nil {
		return fmt.Errorf("note what the cycle found on connection %q: %w", side.connection.Name, err)
	}
	return nil
}
