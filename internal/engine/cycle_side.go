package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// cycleSide is one connection of a cycle's policy.
type cycleSide struct {
	openedConnection
	// session is nil if the sign-in failed.
	session *session
	// fault touches every user from here on; nil while the connection works.
	fault *model.Fault
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
