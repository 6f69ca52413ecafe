package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// attempt is an attempt that came back from the target system, and was used up.
type attempt struct {
	result   model.AuthorizationResult
	system   *target.System
	kept     target.Credentials
	verifier string
	redirect string
	// browser is the secret of the browser.
	browser string
	// at is the time of the database.
	at time.Time
}

func (e *Engine) finishAuthorization(ctx context.Context, in model.AuthorizationCallback) (model.AuthorizationResult, error) {
	digest, connectionID, err := e.findAttempt(ctx, in.State)
	if connectionID == "" {
		return model.AuthorizationResult{End: model.EndStateUnknown}, err
	}
	var t attempt
	err = e.store.Update(ctx, func(tx model.Tx) error {
		t = attempt{}
		return e.useAttempt(ctx, tx, in, digest, &t)
	}, model.ConnectionKey(connectionID))
	if err != nil || t.result.End != "" {
		return t.result, err
	}
	ctx = withPerson(ctx, &t.result.Authorization)
	account := e.account(t.system, t.result.Connection.Settings, t.kept)
	if in.Code == "" || in.Error != "" {
		e.refuse(&t, account, in)
		return t.result, e.recordAttempt(ctx, &t)
	}
	issued, err := e.exchange(ctx, &t, account, in.Code)
	if err != nil {
		return t.result, err
	}
	if t.result.Fault != nil {
		return t.result, e.recordAttempt(ctx, &t)
	}
	credentials := t.system.WithPerson(t.kept)
	credentials[t.system.Authorize.Secret] = issued.Secret
	return e.adoptPerson(ctx, &t, credentials)
}

// findAttempt returns the digest of a state, and the connection that it belongs to; empty if no attempt has the state.
func (e *Engine) findAttempt(ctx context.Context, state string) (digest []byte, connectionID string, err error) {
	if digest, err = e.store.Digest(purposeState, state); err != nil {
		return nil, "", fmt.Errorf("digest a state: %w", err)
	}
	err = e.store.View(ctx, func(tx model.Tx) error {
		_, a, err := tx.AuthorizationAttempt(ctx, digest)
		connectionID = a.ConnectionID
		return err
	})
	if errors.Is(err, model.ErrNotFound) {
		return digest, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("find an attempt: %w", err)
	}
	return digest, connectionID, nil
}

// useAttempt checks an attempt and uses it up. Without an end in the result, the code can be exchanged.
func (e *Engine) useAttempt(ctx context.Context, tx model.Tx, in model.AuthorizationCallback, digest []byte, t *attempt) error {
	found, a, err := tx.AuthorizationAttempt(ctx, digest)
	if err != nil {
		return fmt.Errorf("find an attempt: %w", err)
	}
	if t.at, err = tx.Now(ctx, e.clock()); err != nil {
		return err
	}
	ctx = withPerson(ctx, &a)
	if !e.store.Matches(found.BrowserDigest, purposeBrowser, in.Browser) {
		t.result.End = model.EndOtherBrowser // shows nothing of the connection
		return e.recordAudit(ctx, tx, "authorization.finish", a.ConnectionID, string(t.result.End), "")
	}
	if t.result, t.system, err = e.describe(ctx, tx, a); err != nil {
		return err
	}
	if err := e.judgeAttempt(ctx, tx, found, t); err != nil {
		return err
	}
	if end := t.result.End; end != "" {
		return e.recordAudit(ctx, tx, "authorization.finish", a.ConnectionID, string(end), "")
	}
	if t.verifier, err = tx.AuthorizationVerifier(ctx, digest); err != nil {
		return fmt.Errorf("open the verifier: %w", err)
	}
	if t.kept, err = e.keptForPerson(ctx, tx, &t.result.Connection, t.system); err != nil {
		return err
	}
	t.redirect, t.browser = found.RedirectURI, in.Browser
	return tx.UseAuthorizationAttempts(ctx, a.ID, digest, t.at)
}

// judgeAttempt decides whether the code of an attempt may be exchanged. The visitor has the browser that started it.
func (e *Engine) judgeAttempt(ctx context.Context, tx model.Tx, found model.AuthorizationAttempt, t *attempt) error {
	a, r := &t.result.Authorization, &t.result
	state := a.StateAt(t.at)
	if state == model.AuthorizationPending {
		if err := e.addLink(ctx, tx, r); err != nil {
			return err
		}
	}
	switch {
	case state == model.AuthorizationExpired:
		r.End = model.EndLinkExpired
		if a.FinishedAt == nil {
			return e.endAuthorization(ctx, tx, a, state, t.at)
		}
	case found.UsedAt != nil:
		r.End = model.EndReplayed
	case state != model.AuthorizationPending:
		r.End = model.EndLinkEnded
	case !t.at.Before(found.ExpiresAt):
		r.End = model.EndStateExpired
	case found.Revision != r.Connection.Revision:
		r.End = model.EndChanged
	default:
		return nil
	}
	if found.UsedAt == nil && a.FinishedAt == nil {
		return tx.UseAuthorizationAttempts(ctx, a.ID, found.StateDigest, t.at)
	}
	return nil
}

// addLink adds the link, so that the person can start again. After another keyset was used, it cannot be opened.
func (*Engine) addLink(ctx context.Context, tx model.Tx, r *model.AuthorizationResult) error {
	link, err := tx.AuthorizationLink(ctx, r.Authorization.ID)
	if err != nil && !errors.Is(err, model.ErrSealed) {
		return fmt.Errorf("open the link: %w", err)
	}
	r.Link = link
	return nil
}

// refuse is the end of an attempt without a code.
func (e *Engine) refuse(t *attempt, account target.Account, in model.AuthorizationCallback) {
	code := in.Error
	if code == "" {
		code = "no code and no error" // Riva shows "Failure - Missing OauthCode"
	}
	refusal := call.Refuse(account, code, in.ErrorDescription)
	t.result.Fault = faultOf(refusal.Fault)
	switch refusal.Kind {
	case target.RefusedByPerson:
		t.result.End = model.EndCanceled
	case target.RefusedByPolicy:
		t.result.End = model.EndDenied
	case target.RefusedWithoutAdmin:
		t.result.End = model.EndAdminConsent
		if consent := t.system.Authorize.AdminConsent; consent != nil {
			t.result.AdminConsentURL = consent(account, t.redirect)
		}
	case target.RefusedOther:
		t.result.End = model.EndSystemError
	}
}

// exchange exchanges the code of an attempt. A fault is part of its result.
func (e *Engine) exchange(ctx context.Context, t *attempt, account target.Account, code string) (target.Issued, error) {
	ctx, cancel := e.withTestTimeout(ctx)
	defer cancel()
	issued, err := call.Exchange(ctx, account, target.AuthorizationCode{
		Code: code, Verifier: t.verifier, RedirectURI: t.redirect,
	})
	t.result.Authorization.Granted, t.result.Withheld = issued.Granted, issued.Withheld
	if err == nil {
		return issued, nil
	}
	reported, ok := target.AsFault(err)
	if !ok {
		if canceled := callerCanceled(ctx); canceled != nil {
			return target.Issued{}, canceled
		}
		return target.Issued{}, fmt.Errorf("exchange a code: %w", err)
	}
	t.result.Fault = faultOf(reported)
	switch {
	case len(issued.Withheld) > 0:
		t.result.End = model.EndScopeWithheld
	case reported.Code.Retryable():
		t.result.End = model.EndSystemDown
	case reported.Code == target.InsufficientPermission:
		t.result.End = model.EndDenied
	default:
		t.result.End = model.EndCodeRefused
	}
	return issued, nil
}

// recordAttempt records how an attempt failed. The authorization stays pending, so that the person can start again.
func (e *Engine) recordAttempt(ctx context.Context, t *attempt) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	failed := &t.result
	return e.store.Update(ctx, func(tx model.Tx) error {
		a, err := tx.Authorization(ctx, failed.Connection.ID, failed.Authorization.ID)
		if errors.Is(err, model.ErrNotFound) {
			return nil // the connection was deleted
		}
		if err != nil {
			return fmt.Errorf("read the authorization: %w", err)
		}
		if a.State == model.AuthorizationPending { // else a later attempt came to an end before
			a.Fault, a.Identity, a.Granted = failed.Fault, failed.Identity, failed.Authorization.Granted
			err = tx.UpdateAuthorization(ctx, a)
			if a.Attempts >= api.MaxSignInAttempts {
				failed.Link = ""
				err = e.endAuthorization(ctx, tx, &a, model.AuthorizationFailed, t.at)
			}
			if err != nil {
				return fmt.Errorf("record the attempt: %w", err)
			}
			failed.Authorization = a
		}
		return e.recordAudit(ctx, tx, "authorization.finish", a.ConnectionID, string(failed.End), attemptDetail(failed))
	}, model.ConnectionKey(failed.Connection.ID))
}

// attemptDetail describes an attempt in the audit trail.
func attemptDetail(r *model.AuthorizationResult) string {
	var parts []string
	if r.Identity != nil {
		parts = append(parts, "signed in as "+r.Identity.Username)
	}
	if len(r.Withheld) > 0 {
		parts = append(parts, "withheld "+strings.Join(r.Withheld, ", "))
	}
	if r.Fault != nil {
		parts = append(parts, string(r.Fault.Code))
	}
	return strings.Join(parts, "; ")
}
