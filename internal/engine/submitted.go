package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// setSubmitted notes on a connection that a set of credentials was submitted. The set itself is sealed by the store. Nothing is
// known about it yet.
func (e *Engine) setSubmitted(c *model.Connection, s *target.System, set target.Credentials, now time.Time) error {
	digest, err := e.store.Digest("submitted", digestParts(c.ID, s, set)...)
	if err != nil {
		return fmt.Errorf("digest the credentials: %w", err)
	}
	c.SubmittedDigest, c.CredentialsUpdatedAt = digest, &now
	c.CredentialsExpireAt = nil
	if end := s.CredentialsExpireAt(set); !end.IsZero() {
		c.CredentialsExpireAt = new(end.UTC())
	}
	c.CredentialsVerified, c.CredentialsBlank, c.Fault = false, false, nil
	return nil
}

// digestParts is what a comparison looks at. It includes the connection, so that equal sets of two connections cannot be
// told by their digests.
func digestParts(connectionID string, s *target.System, set target.Credentials) []string {
	return append([]string{connectionID}, s.CanonicalCredentials(set)...)
}

// applyVerification notes on a connection what a test of its settings and credentials proved; nothing without a proof.
func applyVerification(c *model.Connection, proof *signInResult) {
	if proof != nil {
		c.CredentialsVerified, c.CredentialsBlank, c.Fault, c.Identity = true, false, nil, proof.identity
	}
	if proof != nil && proof.metadata != nil {
		at := proof.at
		c.MetadataRefreshedAt = &at
	}
}

// saveVerification puts the test that came before saving into the connection's history, and keeps the metadata it read.
func (e *Engine) saveVerification(ctx context.Context, tx model.Tx, id string, trial *openedConnection, proof *signInResult) error {
	if proof == nil {
		return nil
	}
	result, err := e.testResult(id, trial.account, proof)
	if err != nil {
		return err
	}
	if err := tx.InsertTest(ctx, result, api.KeptTests); err != nil {
		return fmt.Errorf("keep the test: %w", err)
	}
	return e.saveMetadata(ctx, tx, id, proof)
}

// verificationText words, for the audit trail, whether something was tested before it was stored.
func verificationText(proof *signInResult) string {
	if proof == nil {
		return "without a test"
	}
	return "tested"
}
