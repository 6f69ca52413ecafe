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

// signInResult is what a sign-in, and the test that followed it, found out about an account.
type signInResult struct {
	// request is the test that it is the finding of.
	request model.TestRequest
	// identity is who signed in; nil if nobody did.
	identity *target.Identity
	checks   []target.Check
	fault    *model.Fault
	// connectionFault tells that the fault is the connection's own: it would meet every user.
	connectionFault bool
	// remembered tells that the target was not asked, since it had refused the same.
	remembered bool
	// notContacted tells that the target was not asked, since the fault was certain without it.
	notContacted bool
	// metadata is what was read of the object definitions; nil if they were not read.
	metadata *target.Snapshot
	// metadataChanged tells that it differs from what was read before; known once it is kept.
	metadataChanged bool
	at              time.Time
}

// runTest signs in and runs one test, and reads the metadata if that is wanted, all within the time of a test.
func (e *Engine) runTest(ctx context.Context, a *openedConnection, r model.TestRequest, wish metadataMode) (signInResult, error) {
	ctx, cancel := e.withTestTimeout(ctx)
	defer cancel()
	s, found, err := e.signIn(ctx, a, r.Force)
	found.request = r
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
	found.connectionFault = fault != nil && (fault.Code == target.GivenCredentials || r.IsQuick())
	found.at = e.clock()
	if fault == nil && wish != metadataSkipped && a.account.System.Offers(target.Metadata) {
		err = s.readMetadata(ctx, &found, wish)
	}
	return found, err
}

// err is the fault as an error; nil if there is none.
func (f *signInResult) err() error {
	if f.fault == nil {
		return nil
	}
	return &model.FaultError{Fault: *f.fault, Remembered: f.remembered}
}

// testResult words the finding about an account as the result of a test.
func (e *Engine) testResult(connectionID string, a target.Account, f *signInResult) (model.TestResult, error) {
	id, err := newID()
	if err != nil {
		return model.TestResult{}, err
	}
	r := f.request
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

// recordResult records on a connection what was found with the settings and credentials that tested has. If they were
// replaced or wiped meanwhile, the finding is about something that is no longer there and changes nothing. Neither
// the revision nor the time of modification change: nobody modified anything.
func (e *Engine) recordResult(ctx context.Context, tx model.Tx, tested *openedConnection, found signInResult) error {
	c, err := readConnection(ctx, tx, tested.connection.ID)
	if err != nil {
		return err
	}
	if err := e.updateRotated(ctx, tx, tested, c); err != nil {
		return err
	}
	was := tested.connection
	replaced := !maps.Equal(c.Settings, was.Settings) || !bytes.Equal(c.SubmittedDigest, was.SubmittedDigest)
	if replaced || c.CredentialsBlank {
		return nil
	}
	switch {
	case !found.connectionFault:
		applyVerification(&c, &found)
	case found.fault.Code == target.GivenCredentials && !c.CredentialsVerified && !found.notContacted:
		return e.blankCredentials(ctx, tx, c, *found.fault)
	default:
		c.Fault = found.fault
	}
	if err := tx.UpdateConnection(ctx, c); err != nil {
		return fmt.Errorf("note what was found: %w", err)
	}
	return e.saveMetadata(ctx, tx, c.ID, &found)
}

// blankCredentials blanks credentials that were refused before they ever worked. Verified ones are never wiped: the target may be
// wrong, or the account locked.
func (e *Engine) blankCredentials(ctx context.Context, tx model.Tx, c model.Connection, fault model.Fault) error {
	if err := tx.DeleteCredentials(ctx, c.ID); err != nil {
		return fmt.Errorf("wipe refused credentials: %w", err)
	}
	e.caches.drop(c.ID)
	c.CredentialsVerified, c.CredentialsBlank, c.SubmittedDigest, c.CredentialsExpireAt, c.Fault = false, true, nil, nil, &fault
	if err := tx.UpdateConnection(ctx, c); err != nil {
		return err
	}
	return e.recordAudit(ctx, tx, "connection.blank", c.ID, outcomeDone, "credentials stored without a test were refused and wiped")
}

// blankResult is what a test finds without asking anybody, for a connection whose credentials were wiped: why they were.
func (e *Engine) blankResult(c model.Connection, r model.TestRequest) signInResult {
	fault := model.Fault{Code: target.GivenCredentials}
	if c.Fault != nil {
		fault = *c.Fault
	}
	fault.Help = append([]string{
		"The credentials were wiped after the target system refused them: submit new ones for this connection.",
	}, fault.Help...)
	found := e.rememberedResult(fault)
	found.request = r
	return found
}
