package engine

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// turn is the right to sign in with credentials: until it ends, no sign-in with the same credentials or the same tokens runs
// anywhere else, in this process or in another one. Everything a sign-in depends on is read inside the turn.
type turn struct {
	account  target.Account
	digest   []byte
	rejected []model.RejectedSignIn
	leave    func()
}

// turnKey is the key of a context that belongs to a turn; the value is the token cache that it is for.
type turnKey struct{}

// errBlanked means that the credentials of a connection were blanked while a sign-in waited for its turn.
var errBlanked = errors.New("the credentials are blank")

// errReopen means that a connection has other credentials than those that a sign-in waited with.
var errReopen = errors.New("other credentials were stored")

// waitError means that a sign-in waited for its turn until its context ended.
type waitError struct {
	// holder is the process whose sign-in it waited for; empty if it was this one.
	holder string
	cause  error
}

func (e *waitError) Error() string {
	return "wait for other sign-ins with the same credentials: " + e.cause.Error()
}

func (e *waitError) Unwrap() error { return e.cause }

// takeTurn waits for the turn of an account until the context ends; the error is a *[waitError] then. The caller leaves the
// turn. The context that it returns ends if another process takes over.
func (e *Engine) takeTurn(ctx context.Context, o *openedConnection) (context.Context, *turn, error) {
	for {
		mine, t, err := e.takeTurnOnce(ctx, o)
		if !errors.Is(err, errReopen) {
			return mine, t, err
		}
	}
}

func (e *Engine) takeTurnOnce(ctx context.Context, o *openedConnection) (context.Context, *turn, error) {
	cache := o.cache
	unlockTokens, err := e.signInLocks.lock(ctx, cache)
	if err != nil {
		return nil, nil, &waitError{cause: err}
	}
	t, held, err := e.waitForLeases(ctx, o)
	if err != nil {
		unlockTokens()
		return nil, nil, err
	}
	cache.tokens.SetHooks(target.TokenHooks{
		Turn:    func(ctx context.Context) (context.Context, func(), error) { return e.fetchTurn(ctx, o) },
		Rotated: func() { e.storeRotated(ctx, o) },
	})
	ctx, leases := e.hold(context.WithValue(ctx, turnKey{}, cache), held[0].Holder, held)
	unlockCredentials := t.leave
	t.leave = func() {
		leases.release(ctx)
		unlockCredentials()
		unlockTokens()
	}
	return ctx, t, nil
}

// fetchTurn is the turn for a token that is fetched after the sign-in. Inside a sign-in, its turn is enough.
func (e *Engine) fetchTurn(ctx context.Context, o *openedConnection) (context.Context, func(), error) {
	if ctx.Value(turnKey{}) == o.cache {
		return ctx, func() {}, nil
	}
	mine, t, err := e.takeTurn(ctx, o)
	if wait := new(waitError); errors.As(err, &wait) {
		fault := e.waitFault(wait)
		message := target.Say("%s", target.Own(fault.Message)) // no system has said anything
		return nil, nil, &target.Fault{Code: fault.Code, Message: message, Help: fault.Help, Cause: err}
	}
	if err != nil {
		return nil, nil, fmt.Errorf("take the turn for a new token: %w", err)
	}
	return mine, t.leave, nil
}

// waitForLeases waits in this process first, where waiting costs nothing, and then for other processes.
func (e *Engine) waitForLeases(ctx context.Context, o *openedConnection) (*turn, []model.Lease, error) {
	holder, err := e.newHolder()
	if err != nil {
		return nil, nil, err
	}
	for seen := new(seenLeases); ; {
		expected, err := e.signInDigest(o.currentAccount())
		if err != nil {
			return nil, nil, err
		}
		unlock, err := e.signInLocks.lock(ctx, string(expected))
		if err != nil {
			return nil, nil, &waitError{cause: err}
		}
		var (
			t    *turn
			held []model.Lease
		)
		err = waitFor(ctx, func() error {
			return e.store.Update(ctx, func(tx model.Tx) (err error) {
				t, held, err = e.enterTurn(ctx, tx, o, holder, seen)
				return err
			}, turnKeys(o.connection.ID, expected)...)
		})
		switch heldBy := new(heldError); {
		case err == nil && bytes.Equal(t.digest, expected):
			t.leave = unlock
			return t, held, nil
		case err == nil: // another process has rotated a secret: the lock is that of the old one
			e.releaseLeases(ctx, held)
			unlock()
		case errors.As(err, &heldBy):
			unlock()
			return nil, nil, &waitError{holder: holderName(heldBy.lease.Holder), cause: ctx.Err()}
		default:
			unlock()
			return nil, nil, err
		}
	}
}

// turnKeys are the keys of a transaction that enters a turn. Who leaves it has stored everything before, and needs the leases to
// release them: so all of it is seen, or the leases are held. The connection and its credentials are read together.
func turnKeys(connectionID string, digest []byte) []model.WriteKey {
	keys := []model.WriteKey{model.LeaseKey(signInLease(digest))}
	if connectionID != "" {
		keys = append(keys, model.LeaseKey(connectionLease(connectionID)), model.ConnectionKey(connectionID))
	}
	return keys
}

// connectionLease and signInLease are the keys of the leases of a turn.
func connectionLease(connectionID string) string { return "connection/" + connectionID }

func signInLease(digest []byte) string {
	return "sign-in/" + base64.RawURLEncoding.EncodeToString(digest)
}

// enterTurn acquires the leases and reads, in the same transaction, what the sign-in depends on.
func (e *Engine) enterTurn(ctx context.Context, tx model.Tx, o *openedConnection, holder string, seen *seenLeases) (
	*turn, []model.Lease, error,
) {
	var held []model.Lease //nolint:prealloc // a connection that does not exist yet has no lease of its own
	if o.connection.ID != "" {
		var err error
		if held, err = e.acquire(ctx, tx, holder, []string{connectionLease(o.connection.ID)}, seen); err != nil {
			return nil, nil, err
		}
	}
	if err := e.refresh(ctx, tx, o); err != nil {
		return nil, nil, err
	}
	t := &turn{account: o.currentAccount()}
	var err error
	if t.digest, err = e.signInDigest(t.account); err != nil {
		return nil, nil, err
	}
	more, err := e.acquire(ctx, tx, holder, []string{signInLease(t.digest)}, seen)
	if err != nil {
		return nil, nil, err
	}
	t.rejected, err = e.rejections(ctx, tx, t.digest)
	return t, append(held, more...), err
}

// refresh takes over what other processes have stored since the credentials were read.
func (e *Engine) refresh(ctx context.Context, tx model.Tx, o *openedConnection) error {
	if !o.usesStored {
		return e.adoptRotated(ctx, tx, o)
	}
	c, err := tx.Connection(ctx, o.connection.ID)
	if errors.Is(err, model.ErrNotFound) {
		return nil // deleted since; the result is recorded nowhere
	}
	if err != nil {
		return fmt.Errorf("read connection %s: %w", o.connection.ID, err)
	}
	s := o.account.System
	replaced := !sameCredentials(&c, &o.connection) ||
		s.Binding(c.Settings) != s.Binding(o.connection.Settings) // even if only an authority was removed since
	switch {
	case c.CredentialsBlank && o.isStored:
		o.connection = c
		return errBlanked
	case c.CredentialsBlank, replaced && !o.isStored:
		return nil // saving the candidate will fail, since somebody else has changed the connection
	}
	stored, err := openCredentials(ctx, tx, &c, s)
	if err != nil {
		return err
	}
	if replaced {
		newSignIn := o.newSignIn
		*o = *e.openStored(c, s, c.Settings, stored)
		o.newSignIn = newSignIn
		return errReopen
	}
	o.adopt(stored)
	o.adoptScheme(c)
	return nil
}

// waitFault is the fault of a sign-in that waited too long for others.
func (e *Engine) waitFault(wait *waitError) model.Fault {
	by := ""
	if wait.holder != "" {
		by = " of " + wait.holder
	}
	return model.Fault{
		Code: target.SystemNotAvailable,
		Message: fmt.Sprintf("Other sign-ins with the same credentials%s were still waiting for a response after %s.",
			by, call.TimeForCalls(e.testTimeout).Round(time.Second)),
		Help: []string{"Test the connection again. If the result is the same, the target system does not respond."},
	}
}
