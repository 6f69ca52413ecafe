package engine

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// finding is what a sign-in, and the test that followed it, found out about an account.
type finding struct {
	// about is the test that it is the finding of.
	about model.TestRequest
	// identity is who signed in; nil if nobody did.
	identity *target.Identity
	checks   []target.Check
	fault    *model.Fault
	// signIn tells that the fault is the connection's own: it would meet every user.
	signIn bool
	// remembered tells that the target was not asked, since it had refused the same.
	remembered bool
	// certain tells that the target was not asked, since the fault was certain without it.
	certain bool
	// metadata is what was read of the object definitions; nil if they were not read.
	metadata *target.Snapshot
	// metadataChanged tells that it differs from what was read before; known once it is kept.
	metadataChanged bool
	at              time.Time
}

// prove signs in and runs one test, and reads the metadata if that is wanted, all within the time of a test.
func (e *Engine) prove(ctx context.Context, a *armed, r model.TestRequest, wish metadataWish) (finding, error) {
	ctx, cancel := e.timed(ctx)
	defer cancel()
	s, found, err := e.signIn(ctx, a, r.Force)
	found.about = r
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
	found.signIn = fault != nil && (fault.Code == target.GivenCredentials || r.Quick())
	found.at = e.clock()
	if fault == nil && wish != withoutMetadata && a.account.System.Offers(target.Metadata) {
		err = s.readMetadata(ctx, &found, wish)
	}
	return found, err
}

// err is the fault as an error; nil if there is none.
func (f *finding) err() error {
	if f.fault == nil {
		return nil
	}
	return &model.FaultError{Fault: *f.fault, Remembered: f.remembered}
}

// result words the finding about an account as the result of a test.
func (e *Engine) result(connectionID string, a target.Account, f *finding) (model.TestResult, error) {
	id, err := newID()
	if err != nil {
		return model.TestResult{}, err
	}
	r := f.about
	result := model.TestResult{
		ID: id, ConnectionID: connectionID, TestRequest: r,
		Passed: f.fault == nil, Fault: f.fault, Identity: f.identity, Checks: f.checks,
		TestedAt: f.at, Remembered: f.remembered,
		Warnings: e.warnings(a.System, a.Settings, a.System.CredentialsExpireAt(a.Credentials)),
	}
	if f.fault != nil {
		result.Summary = f.fault.Code.Title()
		return result, nil
	}
	result.Summary = fmt.Sprintf("The %s test passed for %s.", r.Test, r.Subject())
	if f.identity != nil && f.identity.Username != "" {
		result.Summary = fmt.Sprintf("The %s test passed for %s, signed in as %s.", r.Test, r.Subject(), f.identity.Username)
	}
	return result, nil
}

// settle records on a connection what was found with the settings and credentials that tested has. If they were
// replaced or wiped meanwhile, the finding is about something that is no longer there and changes nothing. Neither
// the revision nor the time of modification change: nobody modified anything.
func (e *Engine) settle(ctx context.Context, tx model.Tx, tested *armed, found finding) error {
	c, err := readConnection(ctx, tx, tested.connection.ID)
	if err != nil {
		return err
	}
	if err := e.keepRotated(ctx, tx, tested, c); err != nil {
		return err
	}
	was := tested.connection
	replaced := !maps.Equal(c.Settings, was.Settings) || !bytes.Equal(c.Submitted, was.Submitted)
	if replaced || c.Blanked {
		return nil
	}
	switch {
	case !found.signIn:
		noteProof(&c, &found)
	case found.fault.Code == target.GivenCredentials && !c.Verified && !found.certain:
		return e.wipe(ctx, tx, c, *found.fault)
	default:
		c.Fault = found.fault
	}
	if err := tx.UpdateConnection(ctx, c); err != nil {
		return fmt.Errorf("note what was found: %w", err)
	}
	return e.keepMetadata(ctx, tx, c.ID, &found)
}

// wipe blanks credentials that were refused before they ever worked. Verified ones are never wiped: the target may be
// wrong, or the account locked.
func (e *Engine) wipe(ctx context.Context, tx model.Tx, c model.Connection, fault model.Fault) error {
	if err := tx.DeleteCredentials(ctx, c.ID); err != nil {
		return fmt.Errorf("wipe refused credentials: %w", err)
	}
	e.held.drop(c.ID)
	c.Verified, c.Blanked, c.Submitted, c.CredentialsExpireAt, c.Fault = false, true, nil, nil, &fault
	if err := tx.UpdateConnection(ctx, c); err != nil {
		return err
	}
	return e.record(ctx, tx, "connection.blank", c.ID, done, "credentials stored without a test were refused and wiped")
}

// blank is what a test finds without asking anybody, for a connection whose credentials were wiped: why they were.
func (e *Engine) blank(c model.Connection, r model.TestRequest) finding {
	fault := model.Fault{Code: target.GivenCredentials}
	if c.Fault != nil {
		fault = *c.Fault
	}
	fault.Help = append([]string{
		"The credentials were wiped after the target system refused them: submit new ones for this connection.",
	}, fault.Help...)
	found := e.unasked(fault)
	found.about = r
	return found
}
