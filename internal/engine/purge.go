package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/names"
)

// PurgeConnection deletes a connection with its credentials, tests and uses, even if a cycle has used it. Name must be its name:
// a confirmation, since nothing brings the connection back. An enabled policy that names it protects it (*[model.InUseError]),
// and so does a running cycle of a policy that has used it. Sync logs and audit events stay.
func (e *Engine) PurgeConnection(ctx context.Context, id, name string) error {
	_, err := withAudit(ctx, e, "connection.purge", id, func() (struct{}, error) {
		return runOnce(ctx, e, func(tx model.Tx) (struct{}, error) { return struct{}{}, e.purgeConnection(ctx, tx, id, name) })
	})
	if err == nil {
		e.caches.drop(id)
	}
	return err
}

func (e *Engine) purgeConnection(ctx context.Context, tx model.Tx, id, name string) error {
	d, err := e.detail(ctx, tx, id)
	if err != nil {
		return err
	}
	if names.Fold(name) != names.Fold(d.Name) {
		var invalid invalidFields
		invalid.addf("name", "name must be %q, the name of the connection, to confirm that it is removed for good.", d.Name)
		return invalid.err()
	}
	if err := e.checkPurgeable(ctx, tx, &d); err != nil {
		return err
	}
	if err := tx.DeleteConnection(ctx, id); err != nil {
		return fmt.Errorf("delete the connection: %w", err)
	}
	return e.recordAudit(ctx, tx, "connection.purge", id, outcomeDone, purgeDetail(&d))
}

// checkPurgeable returns an error if a cycle uses the connection, or can start to use it.
func (e *Engine) checkPurgeable(ctx context.Context, tx model.Tx, d *model.ConnectionDetail) error {
	inUse := &model.InUseError{Name: d.Name}
	for _, p := range d.Policies {
		if p.Enabled {
			inUse.Policies = append(inUse.Policies, p)
		}
	}
	if len(inUse.Policies) > 0 {
		return inUse
	}
	for _, u := range d.Uses { // a cycle counts as a use from its start
		running, err := tx.RunningCycle(ctx, u.PolicyID)
		switch {
		case errors.Is(err, model.ErrNotFound):
			continue
		case err != nil:
			return fmt.Errorf("find a running cycle: %w", err)
		}
		now, err := e.leaseClock(ctx, tx)
		if err != nil {
			return err
		}
		if leased(&running, now) {
			return &model.CycleRunningError{PolicyName: u.PolicyName, StartedAt: running.StartedAt, StaleAt: *running.LeaseUntil}
		}
	}
	return nil
}

// purgeDetail names the connection and the policies that used it: nothing else remembers them.
func purgeDetail(d *model.ConnectionDetail) string {
	if len(d.Uses) == 0 {
		return d.Name
	}
	policies := make([]string, len(d.Uses))
	for i, u := range d.Uses {
		policies[i] = fmt.Sprintf("%q", u.PolicyName)
	}
	return fmt.Sprintf("%s; used by %s", d.Name, strings.Join(policies, ", "))
}
