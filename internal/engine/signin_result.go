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

// signInResult is the result of a sign-in and of the test that followed it.
type signInResult struct {
	// request is the test.
	request model.TestRequest
	// identity is the account that signed in; nil if the sign-in failed.
	identity *target.Identity
	// somebodyElse is who signed in instead of the expected account; nil otherwise.
	somebodyElse *target.Identity
	// scheme is the authentication scheme that proved the credentials, if the offer of the system decided it, and knownScheme the
	// one that was stored before.
	scheme, knownScheme string
	checks              []target.Check
	fault               *model.Fault
	// connectionFault means that the fault is a fault of the connection: it would affect every user.
	connectionFault bool
	// remembered means that the target system was not contacted, since it rejected the same sign-in before.
	remembered bool
	// notContacted means that the target system was not contacted, since the fault was certain without a call.
	notContacted bool
	// metadata are the object definitions; nil if they were not read.
	metadata *target.Snapshot
	// metadataChanged means that they differ from the stored ones. It is set when they are stored.
	metadataChanged bool
	at              time.Time
}

// runTest signs in, runs one test and, depending on the mode, reads the metadata, all within the timeout of a test.
func (e *Engine) runTest(ctx context.Context, o *openedConnection, r model.TestRequest, mode metadataMode) (
	found signInResult, err error,
) {
	defer func() {
		if err == nil {
			e.observer.Tested(o.account.System.Name, r.Test, codeOf(found.fault))
		}
	}()
	ctx, cancel := e.withTestTimeout(ctx)
	defer cancel()
	s, found, err := e.signIn(ctx, o, r.Force)
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
	found.connectionFault = fault != nil && (fault.Certain || r.IsQuick())
	found.at = e.clock()
	if fault == nil && mode != metadataSkipped && o.account.System.Offers(target.Metadata) {
		err = s.readMetadata(ctx, &found, mode)
	}
	return found, err
}

// err returns the fault as an error, nil without a fault.
func (f *signInResult) err() error {
	if f.fault == nil {
		return nil
	}
	return &model.FaultError{Fault: *f.fault, Remembered: f.remembered}
}

// testResult converts the result of a sign-in to the result of a test.
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

// recordResult records on a connection the result for the settings and credentials of tested. If they were replaced or blanked
// since they were read, the result does not apply and changes nothing. Revision and time of modification do not change, since
// a test is not a modification.
func (e *Engine) recordResult(ctx context.Context, tx model.Tx, tested *openedConnection, found signInResult) error {
	c, err := readConnection(ctx, tx, tested.connection.ID)
	if err != nil {
		return err
	}
	if err := e.updateRotated(ctx, tx, tested, c); err != nil {
		return err
	}
	before, stored := tested.connection, c
	replaced := !maps.Equal(c.Settings, before.Settings) || !sameCredentials(&c, &before)
	if replaced || c.CredentialsBlank {
		return nil
	}
	switch {
	case !found.connectionFault:
		applyVerification(&c, &found)
	case found.fault.Certain && !c.CredentialsVerified && !found.notContacted:
		return e.blankCredentials(ctx, tx, c, *found.fault)
	default:
		c.Fault = found.fault
	}
	if err := reseal(ctx, tx, tested.account.System, stored, c); err != nil {
		return err
	}
	if err := tx.UpdateConnection(ctx, c); err != nil {
		return fmt.Errorf("record the result: %w", err)
	}
	return e.saveMetadata(ctx, tx, c.ID, &found)
}

// blankCredentials deletes credentials that were certainly rejected and never accepted before. Verified credentials are never
// blanked: the target system may be wrong, or the account locked.
func (e *Engine) blankCredentials(ctx context.Context, tx model.Tx, c model.Connection, fault model.Fault) error {
	if err := tx.DeleteCredentials(ctx, c.ID); err != nil {
		return fmt.Errorf("delete the rejected credentials: %w", err)
	}
	e.caches.drop(c.ID)
	c.CredentialsVerified, c.CredentialsBlank, c.SubmittedDigest, c.CredentialsExpireAt, c.Fault = false, true, nil, nil, &fault
	c.CredentialsSetID, c.CredentialsScheme = "", ""
	if err := tx.UpdateConnection(ctx, c); err != nil {
		return err
	}
	return e.recordAudit(ctx, tx, "connection.blank", c.ID, outcomeDone,
		"credentials stored without a test were rejected and deleted")
}

// sameCredentials reports whether two versions of a connection have the same set of credentials: nothing was submitted in
// between, and no person signed in.
func sameCredentials(a, b *model.Connection) bool {
	sameTime := a.CredentialsUpdatedAt == nil && b.CredentialsUpdatedAt == nil ||
		a.CredentialsUpdatedAt != nil && b.CredentialsUpdatedAt != nil && a.CredentialsUpdatedAt.Equal(*b.CredentialsUpdatedAt)
	return sameTime && bytes.Equal(a.SubmittedDigest, b.SubmittedDigest)
}

// pendingFault is the fault of a connection that a person must sign in for first.
func pendingFault() model.Fault {
	return model.Fault{
		Code: target.GivenCredentials, Message: "No person has signed in for this connection yet.",
		Help: []string{
			"Sign in for the connection: run terraform-provider-riva authorize with its name, or open the link of its pending sign-in.",
		},
	}
}

// blankResult is the result of a test of a connection with blank credentials, without a call: the fault that blanked them.
func (e *Engine) blankResult(c model.Connection, r model.TestRequest) signInResult {
	if c.IsPending() {
		found := e.notContactedResult(pendingFault())
		found.notContacted, found.request = true, r
		return found
	}
	fault := model.Fault{Code: target.GivenCredentials, Certain: true}
	if c.Fault != nil {
		fault = *c.Fault
	}
	fault.Help = append([]string{
		"The credentials are blank, because the target system rejected them: submit new ones for this connection.",
	}, fault.Help...)
	found := e.rememberedResult(fault)
	found.request = r
	return found
}
