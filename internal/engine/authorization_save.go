package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// personCandidate is a connection with the credentials that the sign-in of a person completed. What the system rotates meanwhile
// is stored with the connection only, since somebody else may have signed in.
func (e *Engine) personCandidate(c model.Connection, s *target.System, credentials target.Credentials) *candidate {
	n := &candidate{
		action: "connection.revalidate", system: s, current: c, name: c.Name, settings: c.Settings,
		changes: []string{"credentials"}, verify: true, revalidate: true, person: true,
	}
	n.opened = e.openSubmitted(c, s, c.Settings, credentials)
	n.opened.person = true
	return n
}

// adoptPerson tests the connection with the credentials of an attempt, and stores them if the test passes and the person is the
// expected one.
func (e *Engine) adoptPerson(ctx context.Context, t *attempt, credentials target.Credentials) (model.AuthorizationResult, error) {
	n := e.personCandidate(t.result.Connection, t.system, credentials)
	verification, err := e.testPerson(ctx, &t.result, n)
	switch {
	case err != nil:
		return t.result, err
	case t.result.End != "":
		return t.result, e.recordAttempt(ctx, t)
	case t.result.Expected.Username == "":
		return t.result, e.awaitConfirmation(ctx, t, n)
	}
	_, err = e.savePerson(ctx, n, verification, &t.result)
	if errors.Is(err, model.ErrRevision) {
		t.result.End = model.EndChanged
		return t.result, e.recordAttempt(ctx, t)
	}
	return t.result, err
}

// testPerson tests the connection with the credentials of a person. Without an end in the result, they may be stored.
func (e *Engine) testPerson(ctx context.Context, r *model.AuthorizationResult, n *candidate) (*signInResult, error) {
	verification, err := e.verifyCandidate(ctx, n)
	if verification == nil {
		return nil, err
	}
	e.addTest(r, n, verification)
	fault := new(model.FaultError)
	if !errors.As(err, &fault) {
		return verification, err
	}
	switch {
	case fault.Fault.Code == target.WrongIdentity:
		r.End = model.EndSomebodyElse
	case fault.Fault.Code.Retryable():
		r.End = model.EndSystemDown
	default:
		r.End = model.EndTestFailed
	}
	return verification, nil
}

// addTest adds a test to what the person sees.
func (e *Engine) addTest(r *model.AuthorizationResult, n *candidate, found *signInResult) {
	r.Fault, r.Identity = found.fault, found.identity
	if r.Identity == nil {
		r.Identity = found.somebodyElse
	}
	if test, err := e.testResult(n.current.ID, n.opened.account, found); err == nil {
		r.Test = &test
	}
	if found.metadata != nil {
		r.MetadataRefreshedAt = &found.at
	}
}

// savePerson stores the credentials of a person with the connection, and ends the authorization.
func (e *Engine) savePerson(
	ctx context.Context, n *candidate, verification *signInResult, r *model.AuthorizationResult,
) (model.RevalidationDetail, error) {
	id, connectionID := r.Authorization.ID, n.current.ID
	keys, err := e.credentialKeys(n.opened, connectionID)
	if err != nil {
		return model.RevalidationDetail{}, err
	}
	var saved model.RevalidationDetail
	err = e.store.Update(ctx, func(tx model.Tx) error {
		a, err := tx.Authorization(ctx, connectionID, id)
		if err != nil {
			return fmt.Errorf("read the authorization: %w", err)
		}
		now, err := tx.Now(ctx, e.clock())
		if err != nil {
			return err
		}
		if !a.IsOpen(now) { // replaced or canceled since
			return fmt.Errorf("authorization %s: %w", id, model.ErrRevision)
		}
		d, err := e.saveCandidate(ctx, tx, n, verification)
		if err != nil {
			return err
		}
		a.Fault, a.Identity, a.Granted = nil, verification.identity, r.Authorization.Granted
		if err := e.endAuthorization(ctx, tx, &a, model.AuthorizationSucceeded, now); err != nil {
			return err
		}
		record, err := saveRevalidation(ctx, tx, id, connectionID, verification)
		d.Authorization = nil
		saved = model.RevalidationDetail{Revalidation: record, Authorization: &a, Connection: d}
		return err
	}, keys...)
	if err != nil {
		return saved, err
	}
	e.adoptTokens(connectionID, n)
	r.End, r.Authorization, r.Connection, r.Link = model.EndSucceeded, *saved.Authorization, saved.Connection.Connection, ""
	return saved, nil
}

// awaitConfirmation keeps the credentials of a person, sealed, until a client or the person confirms who it was.
func (e *Engine) awaitConfirmation(ctx context.Context, t *attempt, n *candidate) error {
	credentials, _ := n.opened.cache.rotatedCredentials(n.opened.account.Credentials)
	return e.store.Update(ctx, func(tx model.Tx) error {
		a, err := tx.Authorization(ctx, n.current.ID, t.result.Authorization.ID)
		if err != nil {
			return fmt.Errorf("read the authorization: %w", err)
		}
		now, err := tx.Now(ctx, e.clock())
		if err != nil {
			return err
		}
		if a.StateAt(now) != model.AuthorizationPending { // an answer is about one sign-in: another one must not replace it
			t.result.End, t.result.Link = model.EndLinkEnded, ""
			return e.recordAudit(ctx, tx, "authorization.finish", a.ConnectionID, string(t.result.End), "")
		}
		a.State, a.Fault, a.Identity, a.Granted = model.AuthorizationConfirm, nil, t.result.Identity, t.result.Authorization.Granted
		if limit := now.Add(api.SignInTimeout); limit.Before(a.ExpiresAt) {
			a.ExpiresAt = limit
		}
		if err := tx.UpdateAuthorization(ctx, a); err != nil {
			return fmt.Errorf("record the attempt: %w", err)
		}
		if err := tx.PutAuthorizedCredentials(ctx, a.ID, n.system.Binding(n.settings), credentials); err != nil {
			return fmt.Errorf("seal what waits to be confirmed: %w", err)
		}
		if t.result.Proof, err = e.store.Digest(purposeAnswer, answerParts(&a, t.browser)...); err != nil {
			return fmt.Errorf("digest what the answer proves: %w", err)
		}
		t.result.End, t.result.Authorization, t.result.Link = model.EndConfirm, a, ""
		return e.recordAudit(ctx, tx, "authorization.finish", a.ConnectionID, string(t.result.End), attemptDetail(&t.result))
	}, model.ConnectionKey(n.current.ID))
}

// ConfirmAuthorization tests the connection again with the sign-in of a person that waits to be confirmed, and stores it if the
// test passes. The error is a *[model.FaultError] if it does not, and ErrNothingToConfirm if no sign-in waits.
func (e *Engine) ConfirmAuthorization(ctx context.Context, connectionID, id string) (model.RevalidationDetail, error) {
	return withAudit(ctx, e, "authorization.confirm", connectionID, func() (model.RevalidationDetail, error) {
		repeated, n, r, err := e.openConfirmed(ctx, connectionID, id)
		if err != nil || n == nil {
			return repeated, err
		}
		verification, err := e.verifyCandidate(ctx, n)
		if err != nil {
			return model.RevalidationDetail{}, err
		}
		return e.savePerson(ctx, n, verification, &r)
	})
}

// openConfirmed opens what waits to be confirmed. If it was confirmed already, the candidate is nil.
func (e *Engine) openConfirmed(ctx context.Context, connectionID, id string) (
	repeated model.RevalidationDetail, n *candidate, r model.AuthorizationResult, err error,
) {
	err = e.store.View(ctx, func(tx model.Tx) error {
		a, err := tx.Authorization(ctx, connectionID, id)
		if err != nil {
			return fmt.Errorf("re-validation %s of connection %s: %w", id, connectionID, err)
		}
		now, err := tx.Now(ctx, e.clock())
		if err != nil {
			return err
		}
		if a.State == model.AuthorizationSucceeded {
			repeated, err = e.revalidation(ctx, tx, connectionID, id)
			return err
		}
		if a.StateAt(now) != model.AuthorizationConfirm {
			return fmt.Errorf("re-validation %s: %w", id, model.ErrNothingToConfirm)
		}
		var s *target.System
		if r, s, err = e.describe(ctx, tx, a); err != nil {
			return err
		}
		credentials, err := tx.AuthorizedCredentials(ctx, id, s.Binding(r.Connection.Settings))
		if err != nil {
			return fmt.Errorf("open what waits to be confirmed: %w", err)
		}
		n = e.personCandidate(r.Connection, s, credentials)
		return nil
	})
	return repeated, n, r, err
}
