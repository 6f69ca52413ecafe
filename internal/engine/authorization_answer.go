package engine

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// AnswerAuthorization takes the answer of a person whose sign-in waits to be confirmed, from the browser that signed in. The
// right account is tested again and stored if the test passes; a wrong one is discarded, and the person can start again. The
// error is a failure of this program, or of the database.
func (e *Engine) AnswerAuthorization(ctx context.Context, in model.AuthorizationAnswer) (model.AuthorizationResult, error) {
	digest, connectionID, err := e.findAttempt(ctx, in.State)
	if connectionID == "" {
		return model.AuthorizationResult{End: model.EndStateUnknown}, err
	}
	var (
		r model.AuthorizationResult
		n *candidate
	)
	err = e.store.Update(ctx, func(tx model.Tx) (err error) {
		r = model.AuthorizationResult{}
		n, err = e.takeAnswer(ctx, tx, in, digest, &r)
		return err
	}, model.ConnectionKey(connectionID))
	if err != nil || n == nil {
		return r, err
	}
	ctx = withPerson(ctx, &r.Authorization)
	verification, err := e.testPerson(ctx, &r, n)
	if err != nil {
		return r, err
	}
	if r.End == "" {
		_, err = e.savePerson(ctx, n, verification, &r)
		if !errors.Is(err, model.ErrRevision) {
			return r, err
		}
		r.End = model.EndChanged
	}
	err = e.reopenAnswered(ctx, &r)
	return r, err
}

// takeAnswer checks an answer. With a candidate, the sign-in can be tested and stored.
func (e *Engine) takeAnswer(
	ctx context.Context, tx model.Tx, in model.AuthorizationAnswer, digest []byte, r *model.AuthorizationResult,
) (*candidate, error) {
	found, a, err := tx.AuthorizationAttempt(ctx, digest)
	if err != nil {
		return nil, fmt.Errorf("find an attempt: %w", err)
	}
	ctx = withPerson(ctx, &a)
	if !e.store.Matches(found.BrowserDigest, purposeBrowser, in.Browser) {
		r.End = model.EndOtherBrowser // shows nothing of the connection
		return nil, e.recordAudit(ctx, tx, "authorization.confirm", a.ConnectionID, string(r.End), "")
	}
	now, err := tx.Now(ctx, e.clock())
	if err != nil {
		return nil, err
	}
	var s *target.System
	if *r, s, err = e.describe(ctx, tx, a); err != nil {
		return nil, err
	}
	state, proven := a.StateAt(now), e.store.Matches(in.Proof, purposeAnswer, answerParts(&a, in.Browser)...)
	switch {
	case state == model.AuthorizationExpired:
		r.End = model.EndLinkExpired
	case state == model.AuthorizationPending:
		r.End = model.EndReplayed
		err = e.addLink(ctx, tx, r)
	case state != model.AuthorizationConfirm:
		r.End = model.EndLinkEnded
	case !proven: // another browser has signed in since
		r.End = model.EndReplayed
	case found.Revision != r.Connection.Revision:
		r.End, r.Identity = model.EndChanged, a.Identity
		err = e.reopen(ctx, tx, r)
	case !in.Yes:
		r.End, r.Identity = model.EndDiscarded, a.Identity
		r.Fault = &model.Fault{Code: target.WrongIdentity, Message: "The person who signed in discarded the sign-in."}
		err = e.reopen(ctx, tx, r)
	default:
		r.Identity = a.Identity
		credentials, err := tx.AuthorizedCredentials(ctx, a.ID, s.Binding(r.Connection.Settings))
		if err != nil {
			return nil, fmt.Errorf("open what waits to be confirmed: %w", err)
		}
		return e.personCandidate(r.Connection, s, credentials), nil
	}
	if err != nil {
		return nil, err
	}
	return nil, e.recordAudit(ctx, tx, "authorization.confirm", a.ConnectionID, string(r.End), attemptDetail(r))
}

// answerParts are what the proof of an answer is made of: the sign-in that waits, and the browser that shows it. The number of
// attempts stays the same while a sign-in waits.
func answerParts(a *model.Authorization, browser string) []string {
	return []string{a.ID, strconv.FormatInt(a.Attempts, 10), browser}
}

// reopenAnswered lets the person start again after a confirmed sign-in could not be stored, unless it was stored, or the
// authorization has ended, in the meantime.
func (e *Engine) reopenAnswered(ctx context.Context, r *model.AuthorizationResult) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	return e.store.Update(ctx, func(tx model.Tx) error {
		a, err := tx.Authorization(ctx, r.Connection.ID, r.Authorization.ID)
		if errors.Is(err, model.ErrNotFound) {
			return nil // the connection was deleted
		}
		if err != nil {
			return fmt.Errorf("read the authorization: %w", err)
		}
		r.Authorization = a
		if a.State == model.AuthorizationConfirm {
			err = e.reopen(ctx, tx, r)
		} else if r.End == model.EndChanged {
			r.End = model.EndLinkEnded
		}
		if err != nil {
			return err
		}
		return e.recordAudit(ctx, tx, "authorization.confirm", a.ConnectionID, string(r.End), attemptDetail(r))
	}, model.ConnectionKey(r.Connection.ID))
}

// reopen deletes the sign-in that waits to be confirmed, and lets the person start again with the link, if it is still valid and
// attempts are left.
func (e *Engine) reopen(ctx context.Context, tx model.Tx, r *model.AuthorizationResult) error {
	a := &r.Authorization
	now, err := tx.Now(ctx, e.clock())
	if err != nil {
		return err
	}
	a.State, a.ExpiresAt = model.AuthorizationPending, a.CreatedAt.Add(e.signInPeriod)
	a.Fault, a.Identity = r.Fault, r.Identity
	state := a.StateAt(now)
	if state == model.AuthorizationPending && a.Attempts >= api.MaxSignInAttempts {
		state = model.AuthorizationFailed
	}
	if state != model.AuthorizationPending {
		return e.endAuthorization(ctx, tx, a, state, now)
	}
	if err := tx.UpdateAuthorization(ctx, *a); err != nil {
		return fmt.Errorf("reopen the authorization: %w", err)
	}
	if err := tx.PutAuthorizedCredentials(ctx, a.ID, "", nil); err != nil {
		return fmt.Errorf("delete what waits to be confirmed: %w", err)
	}
	return e.addLink(ctx, tx, r)
}
