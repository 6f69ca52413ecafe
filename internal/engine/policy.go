package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// validatePolicy checks a policy as it would be stored: its connections exist and are on the right sides, and an enabled
// policy has all it needs. before is the stored policy, nil for a new one: a name that stays is not checked, since an
// earlier version may have accepted it.
func (e *Engine) validatePolicy(ctx context.Context, tx model.Tx, p model.Policy, before *model.Policy) error {
	var invalid invalidFields
	if before == nil || p.Name != before.Name {
		invalid.name("name", p.Name)
	}
	if p.Interval < api.MinInterval {
		invalid.addf("interval_seconds", "The interval must be at least %d minutes (%d seconds).",
			int(api.MinInterval/time.Minute), int(api.MinInterval/time.Second))
	}
	if p.Interval > api.MaxInterval {
		invalid.addf("interval_seconds", "The interval must be at most %d days (%d seconds).",
			int(api.MaxInterval/(24*time.Hour)), int(api.MaxInterval/time.Second))
	}
	for _, side := range sidesOf(&p) {
		if err := e.validateSide(ctx, tx, &invalid, p, side); err != nil {
			return err
		}
	}
	return invalid.err()
}

// policySide is one of the two connections of a policy.
type policySide struct {
	kind         target.Kind
	path         string
	title        string
	connectionID string
}

// sidesOf lists the two sides in the order in which cycles use them.
func sidesOf(p *model.Policy) []policySide {
	return []policySide{
		{kind: target.CRM, path: "crm_connection_id", title: "a CRM connection", connectionID: p.CRMConnectionID},
		{kind: target.Email, path: "email_connection_id", title: "an email connection", connectionID: p.EmailConnectionID},
	}
}

func (e *Engine) validateSide(ctx context.Context, tx model.Tx, invalid *invalidFields, p model.Policy, side policySide) error {
	if side.connectionID == "" {
		if p.Enabled && e.hasKind(side.kind) {
			invalid.addf(side.path, "An enabled sync policy requires %s: set %s, or set enabled to false.", side.title, side.path)
		}
		return nil
	}
	c, err := tx.Connection(ctx, side.connectionID)
	switch {
	case errors.Is(err, model.ErrNotFound):
		invalid.addf(side.path, "No connection has the id %q: set %s to the id of %s.",
			side.connectionID, side.path, side.title)
	case err != nil:
		return fmt.Errorf("read connection %s: %w", side.connectionID, err)
	case c.Kind != side.kind:
		invalid.addf(side.path, "The connection %q is not %s: its target system is %s.", c.Name, side.title, c.System)
	case p.Enabled && c.IsPending():
		invalid.addf(side.path, "No person has signed in for the connection %q yet, so a sync policy with it cannot be enabled: "+
			"sign in first (terraform-provider-riva authorize, or the link of its pending sign-in), or set enabled to false.", c.Name)
	}
	return nil
}

// hasKind reports whether the catalog has a target system of the kind.
func (e *Engine) hasKind(kind target.Kind) bool {
	for _, s := range e.systems {
		if s.Kind == kind {
			return true
		}
	}
	return false
}
