package engine

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// finding is what a sign-in, and the test that followed it, found out about an account.
type finding struct {
	// identity is who signed in; nil if nobody did.
	identity *target.Identity
	checks   []target.Check
	fault    *Fault
	// signIn tells that the fault is the connection's own: it would meet every user.
	signIn bool
	// remembered tells that the target was not asked.
	remembered bool
	at         time.Time
}

// prove signs in and runs one test, all within the time of a test.
func (e *Engine) prove(ctx context.Context, a target.Account, r TestRequest) (finding, error) {
	ctx, cancel := e.timed(ctx)
	defer cancel()
	s, found, err := e.signIn(ctx, a, r.Force)
	if err != nil || found.fault != nil {
		return found, err
	}
	defer s.close(ctx)
	check, fault, err := s.check(ctx, r.Test, r.UserEmail)
	if err != nil {
		return found, err
	}
	found.checks = append(found.checks, check)
	found.fault = fault
	found.signIn = fault != nil && (fault.Code == target.GivenCredentials || r.quick())
	found.at = e.clock()
	return found, nil
}

// result words a finding as the result of a test.
func (f finding) result(connectionID string, r TestRequest) (TestResult, error) {
	id, err := newID()
	if err != nil {
		return TestResult{}, err
	}
	result := TestResult{
		ID: id, ConnectionID: connectionID, TestRequest: r,
		Passed: f.fault == nil, Fault: f.fault, Identity: f.identity, Checks: f.checks,
		TestedAt: f.at, Remembered: f.remembered,
	}
	if f.fault != nil {
		result.Summary = f.fault.Code.Title()
		return result, nil
	}
	result.Summary = fmt.Sprintf("The %s test passed for %s.", r.Test, r.subject())
	if f.identity != nil && f.identity.Username != "" {
		result.Summary = fmt.Sprintf("The %s test passed for %s, signed in as %s.", r.Test, r.subject(), f.identity.Username)
	}
	return result, nil
}

// settle records on a connection what was found with the settings and credentials that tested has. If they were
// replaced or wiped meanwhile, the finding is about something that is no longer there and changes nothing. Neither
// the revision nor the time of modification change: nobody modified anything.
func (e *Engine) settle(ctx context.Context, tx Tx, tested Connection, found finding) error {
	c, err := tx.Connection(ctx, tested.ID)
	if err != nil {
		return fmt.Errorf("read connection %s: %w", tested.ID, err)
	}
	replaced := !maps.Equal(c.Settings, tested.Settings) || !bytes.Equal(c.Submitted, tested.Submitted)
	if replaced || c.Trust == Wiped {
		return nil
	}
	switch {
	case !found.signIn:
		c.Trust, c.Fault, c.Identity = Verified, nil, found.identity
	case found.fault.Code == target.GivenCredentials && c.Trust == Untested:
		return e.wipe(ctx, tx, c, *found.fault)
	default:
		c.Fault = found.fault
	}
	return tx.UpdateConnection(ctx, c)
}

// wipe blanks credentials that were refused before they ever worked. Verified ones are never wiped: the target may be
// wrong, or the account locked.
func (e *Engine) wipe(ctx context.Context, tx Tx, c Connection, fault Fault) error {
	if err := tx.DeleteCredentials(ctx, c.ID); err != nil {
		return fmt.Errorf("wipe refused credentials: %w", err)
	}
	c.Trust, c.Submitted, c.Fault = Wiped, nil, &fault
	if err := tx.UpdateConnection(ctx, c); err != nil {
		return err
	}
	return e.record(ctx, tx, "connection.blank", c.ID, done, "credentials stored without a test were refused and wiped")
}

// blank is what a test finds without asking anybody, for a connection whose credentials were wiped: why they were.
func (e *Engine) blank(c Connection) finding {
	fault := Fault{Code: target.GivenCredentials}
	if c.Fault != nil {
		fault = *c.Fault
	}
	fault.Help = append([]string{
		"The credentials were wiped after the target system refused them: submit new ones for this connection.",
	}, fault.Help...)
	return e.unasked(fault)
}
