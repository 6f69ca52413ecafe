package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// errTestTimeout is the cause of a context that ended because of the timeout of a test, not because the caller canceled it.
var errTestTimeout = errors.New("no response within the timeout of a test")

// withTestTimeout returns a context with the timeout of a test. Signing out, with the same context, is a part of it.
func (e *Engine) withTestTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	return call.WithBudget(ctx, e.testTimeout, errTestTimeout)
}

// callerCanceled returns the error of a context that the caller canceled, or whose lease another process has taken; nil
// otherwise. After that, an error of the target system means nothing.
func callerCanceled(ctx context.Context) error {
	switch cause := context.Cause(ctx); {
	case ctx.Err() == nil, errors.Is(cause, errTestTimeout):
		return nil
	case errors.Is(cause, errLeaseLost):
		return fmt.Errorf("sign in: %w", errLeaseLost)
	}
	return ctx.Err()
}

// session is a signed-in account. It records rejections.
type session struct {
	*call.SignedIn
	engine *Engine
	digest []byte
	// refused: the only recent refusals were unclear. A token of an earlier sign-in can have been used, so only a successful test
	// proves that they are over.
	refused bool
}

// signIn signs in, one at a time with the same credentials, unless the target system rejected exactly these too often
// recently. Every sign-in of the engine uses it. A fault is part of the result, and the session is nil then. Errors are
// failures of the store and cancellation by the caller.
func (e *Engine) signIn(ctx context.Context, o *openedConnection, force bool) (*session, signInResult, error) {
	turnCtx, t, err := e.takeTurn(ctx, o)
	if err != nil {
		return e.noTurn(ctx, o, err)
	}
	ctx = turnCtx
	defer t.leave()
	if fault := rememberedFault(t.rejected, o.isStored); fault != nil && !force {
		return nil, e.rememberedResult(*fault), nil
	}
	if o.newSignIn {
		o.cache.dropToken()
	}
	signedIn, checks, err := call.SignIn(ctx, t.account)
	found := signInResult{checks: checks, at: e.clock()}
	if err != nil {
		if reported, ok := target.AsFault(err); ok {
			found.somebodyElse = reported.Identity
		}
		found.notContacted = errors.Is(err, target.ErrNotContacted)
		found.fault, err = e.toFault(ctx, t.digest, err)
		found.connectionFault = true
		if err == nil && !found.notContacted {
			e.observer.SignedIn(t.account.System.Name, codeOf(found.fault))
		}
		return nil, found, err
	}
	e.observer.SignedIn(t.account.System.Name, "")
	s := &session{SignedIn: signedIn, engine: e, digest: t.digest}
	found.identity = &signedIn.Identity
	found.scheme, found.knownScheme = signedIn.Scheme(), t.account.Scheme
	rejected := slices.ContainsFunc(t.rejected, func(r model.RejectedSignIn) bool { return r.Fault.Certain })
	if s.refused = len(t.rejected) > 0 && !rejected; rejected {
		if err := e.clearRejections(ctx, t.digest); err != nil {
			s.close(ctx)
			return nil, found, err
		}
	}
	return s, found, nil
}

// check runs one test. Errors are those of signIn.
func (s *session) check(ctx context.Context, test target.Test, user string) (target.Check, *model.Fault, error) {
	check, err := s.Run(ctx, test, user)
	if err == nil && s.refused {
		s.refused = false
		return check, nil, s.engine.clearRejections(ctx, s.digest)
	}
	if err == nil {
		return check, nil, nil
	}
	fault, err := s.engine.toFault(ctx, s.digest, err)
	return check, fault, err
}

// close signs out. A failure does not change the result.
func (s *session) close(ctx context.Context) {
	if err := s.Close(ctx); err != nil {
		s.engine.log.WarnContext(ctx, "sign out", "error", err)
	}
}

// toFault returns the fault of an error of a target system. It records refusals that the target system may count.
func (e *Engine) toFault(ctx context.Context, digest []byte, err error) (*model.Fault, error) {
	reported, ok := target.AsFault(err)
	if !ok {
		if canceled := callerCanceled(ctx); canceled != nil {
			return nil, canceled
		}
		return nil, fmt.Errorf("call the target system: %w", err)
	}
	fault := faultOf(reported)
	if (fault.Certain || fault.Unclear) && !errors.Is(err, target.ErrNotContacted) {
		if err := e.recordRejection(ctx, digest, *fault); err != nil {
			return fault, err
		}
	}
	return fault, callerCanceled(ctx)
}

// faultOf converts a fault that is ready to be shown.
func faultOf(reported *target.Fault) *model.Fault {
	return &model.Fault{
		Code: reported.Code, Message: reported.Message.String(), Help: reported.Help, Field: reported.Field,
		RetryAfter: reported.RetryAfter, Certain: reported.Certain, Unclear: reported.Unclear,
	}
}

// noTurn is the result of a sign-in that did not get its turn.
func (e *Engine) noTurn(ctx context.Context, o *openedConnection, err error) (*session, signInResult, error) {
	wait := new(waitError)
	switch {
	case errors.As(err, &wait):
		return nil, e.notContactedResult(e.waitFault(wait)), callerCanceled(ctx)
	case errors.Is(err, errBlanked):
		return nil, e.blankResult(o.connection, quickTest), nil
	case ctx.Err() != nil:
		return nil, e.notContactedResult(e.waitFault(&waitError{cause: ctx.Err()})), callerCanceled(ctx)
	}
	return nil, signInResult{}, err
}

// rememberedResult is the result of a test with a remembered fault, without contacting the target system.
func (e *Engine) rememberedResult(fault model.Fault) signInResult {
	found := e.notContactedResult(fault)
	found.remembered = true
	return found
}

func (e *Engine) notContactedResult(fault model.Fault) signInResult {
	return signInResult{
		fault: &fault, connectionFault: true, at: e.clock(),
		checks: []target.Check{{Name: "sign_in", Message: fault.Summary()}},
	}
}
