package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// errTestTimeout marks a context that ended because a test took too long, not because the caller went away.
var errTestTimeout = errors.New("no answer in the time allowed for a test")

// withTestTimeout bounds a test.
func (e *Engine) withTestTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, e.testTimeout, errTestTimeout)
}

// callerCanceled tells whether the caller went away. What a target system seemed to answer then means nothing.
func callerCanceled(ctx context.Context) error {
	if ctx.Err() == nil || errors.Is(context.Cause(ctx), errTestTimeout) {
		return nil
	}
	return ctx.Err()
}

// session is a signed-in account that remembers refusals.
type session struct {
	*call.SignedIn
	engine *Engine
	digest []byte
}

// connectionFault signs in, one at a time with the same credentials, unless the target refused exactly these too often lately.
// Every sign-in of the engine passes here. A fault is part of the finding; the error is for a store that fails and a
// caller that went away. The session is nil if there is a fault.
func (e *Engine) signIn(ctx context.Context, a *openedConnection, force bool) (*session, signInResult, error) {
	// Also one at a time with the same tokens: a refresh token may be good for one use only.
	leave, err := e.signInLocks.lock(ctx, a.cache)
	if err != nil {
		return nil, e.lockTimeoutResult(), callerCanceled(ctx)
	}
	defer leave()
	account := a.currentAccount()
	digest, err := e.signInDigest(account)
	if err != nil {
		return nil, signInResult{}, err
	}
	pass, err := e.signInLocks.lock(ctx, string(digest))
	if err != nil {
		return nil, e.lockTimeoutResult(), callerCanceled(ctx)
	}
	defer pass()
	attempts, err := e.rejections(ctx, digest)
	if err != nil {
		return nil, signInResult{}, err
	}
	if fault := rememberedFault(attempts, a.isStored); fault != nil && !force {
		return nil, e.rememberedResult(*fault), nil
	}
	signedIn, checks, err := call.SignIn(ctx, account)
	found := signInResult{checks: checks, at: e.clock()}
	if err != nil {
		found.notContacted = errors.Is(err, target.ErrNotContacted)
		found.fault, err = e.toFault(ctx, digest, err)
		found.connectionFault = true
		return nil, found, err
	}
	s := &session{SignedIn: signedIn, engine: e, digest: digest}
	found.identity = &signedIn.Identity
	if len(attempts) > 0 {
		if err := e.clearRejections(ctx, digest); err != nil {
			s.close(ctx)
			return nil, found, err
		}
	}
	return s, found, nil
}

// check runs one test of the session. The error is as with connectionFault.
func (s *session) check(ctx context.Context, test target.Test, user string) (target.Check, *model.Fault, error) {
	check, err := s.Run(ctx, test, user)
	if err == nil {
		return check, nil, nil
	}
	fault, err := s.engine.toFault(ctx, s.digest, err)
	return check, fault, err
}

// close signs out. That it fails changes nothing about what was found.
func (s *session) close(ctx context.Context) {
	if err := s.Close(); err != nil {
		s.engine.log.WarnContext(ctx, "sign out", "error", err)
	}
}

// toFault takes the fault out of a target's error and remembers refusals: what the target has seen and may count.
func (e *Engine) toFault(ctx context.Context, digest []byte, err error) (*model.Fault, error) {
	said, ok := target.AsFault(err)
	if !ok {
		if gone := callerCanceled(ctx); gone != nil {
			return nil, gone
		}
		return nil, fmt.Errorf("ask the target system: %w", err)
	}
	fault := &model.Fault{
		Code: said.Code, Message: said.Message, Help: said.Help, Field: said.Field, RetryAfter: said.RetryAfter,
	}
	if fault.Code == target.GivenCredentials && !errors.Is(err, target.ErrNotContacted) {
		if err := e.recordRejection(ctx, digest, *fault); err != nil {
			return fault, err
		}
	}
	return fault, callerCanceled(ctx)
}

// lockTimeoutResult is what a test found that waited too long for its turn.
func (e *Engine) lockTimeoutResult() signInResult {
	return e.notContactedResult(model.Fault{
		Code: target.SystemNotAvailable,
		Message: fmt.Sprintf("Other sign-ins with the same credentials were still waiting for an answer after %s.",
			e.testTimeout),
		Help: []string{"Test the connection again; if it stays like this, the target system does not answer."},
	})
}

// rememberedResult is what a test found whose target was not asked, since the answer is remembered.
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
