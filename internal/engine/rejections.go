package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// What a target refused is sent once more at most within this time: most systems lock an account at the third to tenth
// refusal, and Terraform, data sources and cycles try without anybody watching.
const (
	rejectionWindow = 15 * time.Minute
	maxRejections   = 2
)

// signInDigest identifies what a sign-in sends: the same system, address, username and secrets give the same digest.
func (e *Engine) signInDigest(a target.Account) ([]byte, error) {
	parts := append([]string{a.System.Name, a.System.Binding(a.Settings)}, a.System.CanonicalCredentials(a.Credentials)...)
	digest, err := e.store.Digest("attempt", parts...)
	if err != nil {
		return nil, fmt.Errorf("digest the sign-in: %w", err)
	}
	return digest, nil
}

// rejections lists what the target answered to the same sign-in lately, oldest first.
func (e *Engine) rejections(ctx context.Context, digest []byte) ([]model.RejectedSignIn, error) {
	var attempts []model.RejectedSignIn
	err := e.store.View(ctx, func(tx model.Tx) (err error) {
		attempts, err = tx.RejectedSignIns(ctx, digest, e.clock().Add(-rejectionWindow))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for remembered refusals: %w", err)
	}
	return attempts, nil
}

// rememberedFault answers instead of the target, if it refused the same sign-in too often to be asked again. Only what is stored
// can be sent by a test: a candidate has to wait, or to be another.
func rememberedFault(attempts []model.RejectedSignIn, stored bool) *model.Fault {
	if len(attempts) < maxRejections {
		return nil
	}
	last := attempts[len(attempts)-1]
	fault := last.Fault
	again := attempts[len(attempts)-maxRejections].At.Add(rejectionWindow)
	atOnce := ""
	if stored {
		atOnce = ", or at once by a test with force"
	}
	fault.Message = fmt.Sprintf("%s (Remembered: the target system refused this at %s. So that the account is not locked, "+
		"the same credentials are sent again after %s%s.)",
		fault.Message, last.At.UTC().Format(time.RFC3339), again.UTC().Format(time.RFC3339), atOnce)
	return &fault
}

// recordRejection remembers a refusal, even if the caller has gone meanwhile: the target has counted it.
func (e *Engine) recordRejection(ctx context.Context, digest []byte, fault model.Fault) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	err := e.store.Update(ctx, func(tx model.Tx) error {
		return tx.InsertRejectedSignIn(ctx, model.RejectedSignIn{Digest: digest, At: e.clock(), Fault: fault})
	})
	if err != nil {
		return fmt.Errorf("remember the refusal: %w", err)
	}
	return nil
}

// clearRejections forgets the refusals of what the target has accepted.
func (e *Engine) clearRejections(ctx context.Context, digest []byte) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	err := e.store.Update(ctx, func(tx model.Tx) error {
		return tx.DeleteRejectedSignIns(ctx, digest, e.clock().Add(-rejectionWindow))
	})
	if err != nil {
		return fmt.Errorf("forget earlier refusals: %w", err)
	}
	return nil
}
