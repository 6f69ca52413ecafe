package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// errTestTime marks a context that ended because a test took too long, not because the caller went away.
var errTestTime = errors.New("no answer in the time allowed for a test")

// timed bounds a test.
func (e *Engine) timed(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, e.testTime, errTestTime)
}

// cancelled tells whether the caller went away. What a target system seemed to answer then means nothing.
func cancelled(ctx context.Context) error {
	if ctx.Err() == nil || errors.Is(context.Cause(ctx), errTestTime) {
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

// signIn signs in, one at a time with the same credentials, unless the target refused exactly these too often lately.
// Every sign-in of the engine passes here. A fault is part of the finding; the error is for a store that fails and a
// caller that went away. The session is nil if there is a fault.
func (e *Engine) signIn(ctx context.Context, a *armed, force bool) (*session, finding, error) {
	// Also one at a time with the same tokens: a refresh token may be good for one use only.
	leave, err := e.signIns.enter(ctx, a.held)
	if err != nil {
		return nil, e.notTried(), cancelled(ctx)
	}
	defer leave()
	account := a.ready()
	digest, err := e.attempted(account)
	if err != nil {
		return nil, finding{}, err
	}
	pass, err := e.signIns.enter(ctx, string(digest))
	if err != nil {
		return nil, e.notTried(), cancelled(ctx)
	}
	defer pass()
	attempts, err := e.refusals(ctx, digest)
	if err != nil {
		return nil, finding{}, err
	}
	if fault := remembered(attempts, a.stored); fault != nil && !force {
		return nil, e.unasked(*fault), nil
	}
	signedIn, checks, err := call.SignIn(ctx, account)
	found := finding{checks: checks, at: e.clock()}
	if err != nil {
		found.certain = errors.Is(err, target.ErrNotAsked)
		found.fault, err = e.judge(ctx, digest, err)
		found.signIn = true
		return nil, found, err
	}
	s := &session{SignedIn: signedIn, engine: e, digest: digest}
	found.identity = &signedIn.Identity
	if len(attempts) > 0 {
		if err := e.accepted(ctx, digest); err != nil {
			s.close(ctx)
			return nil, found, err
		}
	}
	return s, found, nil
}

// check runs one test of the session. The error is as with signIn.
func (s *session) check(ctx context.Context, test target.Test, user string) (target.Check, *model.Fault, error) {
	check, err := s.Run(ctx, test, user)
	if err == nil {
		return check, nil, nil
	}
	fault, err := s.engine.judge(ctx, s.digest, err)
	return check, fault, err
}

// close signs out. That it fails changes nothing about what was found.
func (s *session) close(ctx context.Context) {
	if err := s.Close(); err != nil {
		s.engine.log.WarnContext(ctx, "sign out", "error", err)
	}
}

// judge takes the fault out of a target's error and remembers refusals: what the target has seen and may count.
func (e *Engine) judge(ctx context.Context, digest []byte, err error) (*model.Fault, error) {
	said, ok := target.AsFault(err)
	if !ok {
		if gone := cancelled(ctx); gone != nil {
			return nil, gone
		}
		return nil, fmt.Errorf("ask the target system: %w", err)
	}
	fault := &model.Fault{
		Code: said.Code, Message: said.Message, Help: said.Help, Field: said.Field, RetryAfter: said.RetryAfter,
	}
	if fault.Code == target.GivenCredentials && !errors.Is(err, target.ErrNotAsked) {
		if err := e.refused(ctx, digest, *fault); err != nil {
			return fault, err
		}
	}
	return fault, cancelled(ctx)
}

// notTried is what a test found that waited too long for its turn.
func (e *Engine) notTried() finding {
	return e.unaskedWith(model.Fault{
		Code: target.SystemNotAvailable,
		Message: fmt.Sprintf("Other sign-ins with the same credentials were still waiting for an answer after %s.",
			e.testTime),
		Help: []string{"Test the connection again; if it stays like this, the target system does not answer."},
	})
}

// unasked is what a test found whose target was not asked, since the answer is remembered.
func (e *Engine) unasked(fault model.Fault) finding {
	found := e.unaskedWith(fault)
	found.remembered = true
	return found
}

func (e *Engine) unaskedWith(fault model.Fault) finding {
	return finding{
		fault: &fault, signIn: true, at: e.clock(),
		checks: []target.Check{{Name: "sign_in", Message: fault.Line()}},
	}
}
