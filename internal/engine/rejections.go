package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Within this time, rejected credentials are sent at most twice, and credentials with unclear refusals at most five times: most
// systems lock an account at the third to tenth rejection, and Terraform, data sources and cycles sign in unattended.
const (
	rejectionWindow = 15 * time.Minute
	maxRejections   = 2
	maxRefusals     = 5
)

// signInDigest identifies what a target system counts: the same system, address, user name and secrets give the same digest. It
// does not depend on the other settings, so that changing one of them does not reset the limit.
func (e *Engine) signInDigest(a target.Account) ([]byte, error) {
	return e.accountDigest("attempt", a, a.System.AccountKey(a.Settings))
}

// accountDigest is the digest of an account's credentials and of what they belong to.
func (e *Engine) accountDigest(purpose string, a target.Account, belongsTo string) ([]byte, error) {
	parts := append([]string{a.System.Name, belongsTo}, a.System.CanonicalCredentials(a.Credentials)...)
	digest, err := e.store.Digest(purpose, parts...)
	if err != nil {
		return nil, fmt.Errorf("digest the sign-in: %w", err)
	}
	return digest, nil
}

// rejections lists the recent rejections and unclear refusals of the same sign-in, oldest first.
func (e *Engine) rejections(ctx context.Context, tx model.Tx, digest []byte) ([]model.RejectedSignIn, error) {
	now, err := e.leaseClock(ctx, tx)
	if err != nil {
		return nil, err
	}
	rejected, err := tx.RejectedSignIns(ctx, digest, now.Add(-rejectionWindow), now.Add(model.MaxClockSkew))
	if err != nil {
		return nil, fmt.Errorf("read the rejected sign-ins: %w", err)
	}
	return rejected, nil
}

// rememberedFault returns the fault of the last rejection, if the same sign-in was rejected too often to contact the target
// system again; nil otherwise. After too many unclear refusals it is the last response, without a verdict. A test with force can
// send only the stored credentials; other credentials have to wait.
func rememberedFault(refused []model.RejectedSignIn, stored bool) *model.Fault {
	rejected := slices.DeleteFunc(slices.Clone(refused), func(r model.RejectedSignIn) bool { return !r.Fault.Certain })
	verb, counted, limit := "Rejected", rejected, maxRejections
	if len(rejected) < maxRejections {
		verb, counted, limit = "Last response", refused, maxRefusals
	}
	if len(counted) < limit {
		return nil
	}
	last := counted[len(counted)-1]
	fault := last.Fault
	again := counted[len(counted)-limit].At.Add(rejectionWindow)
	exception := ""
	if stored {
		exception = ", except by a test with force"
	}
	fault.Message = fmt.Sprintf("%s (%s at %s. To protect the account from a lockout, these credentials are not sent again "+
		"before %s%s.)", fault.Message, verb, last.At.UTC().Format(time.RFC3339), again.UTC().Format(time.RFC3339), exception)
	return &fault
}

// recordRejection stores a rejection, even if the caller has disconnected: the target system has counted it.
func (e *Engine) recordRejection(ctx context.Context, digest []byte, fault model.Fault) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	err := e.store.Update(ctx, func(tx model.Tx) error {
		now, err := e.leaseClock(ctx, tx)
		if err != nil {
			return err
		}
		return tx.InsertRejectedSignIn(ctx, model.RejectedSignIn{Digest: digest, At: now, Fault: fault})
	}, model.RejectionKey(digest))
	if err != nil {
		return fmt.Errorf("store the rejected sign-in: %w", err)
	}
	return nil
}

// clearRejections deletes the rejections of credentials that the target system has accepted.
func (e *Engine) clearRejections(ctx context.Context, digest []byte) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	err := e.store.Update(ctx, func(tx model.Tx) error {
		now, err := e.leaseClock(ctx, tx)
		if err != nil {
			return err
		}
		return tx.DeleteRejectedSignIns(ctx, digest, now.Add(-rejectionWindow))
	}, model.RejectionKey(digest))
	if err != nil {
		return fmt.Errorf("delete the rejected sign-ins: %w", err)
	}
	return nil
}
