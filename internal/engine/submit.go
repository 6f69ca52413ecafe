package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// submit notes on a connection that a set of credentials was submitted. The set itself is sealed by the store. Nothing is
// known about it yet.
func (e *Engine) submit(c *model.Connection, s *target.System, set target.Credentials, now time.Time) error {
	digest, err := e.store.Digest("submitted", submission(c.ID, s, set)...)
	if err != nil {
		return fmt.Errorf("digest the credentials: %w", err)
	}
	c.Submitted, c.CredentialsUpdatedAt = digest, &now
	c.CredentialsExpireAt = nil
	if end := s.CredentialsExpireAt(set); !end.IsZero() {
		c.CredentialsExpireAt = new(end.UTC())
	}
	c.Verified, c.Blanked, c.Fault = false, false, nil
	return nil
}

// submission is what a comparison looks at. It includes the connection, so that equal sets of two connections cannot be
// told by their digests.
func submission(connectionID string, s *target.System, set target.Credentials) []string {
	return append([]string{connectionID}, s.CanonicalCredentials(set)...)
}

// noteProof notes on a connection what a test of its settings and credentials proved; nothing without a proof.
func noteProof(c *model.Connection, proof *finding) {
	if proof != nil {
		c.Verified, c.Blanked, c.Fault, c.Identity = true, false, nil, proof.identity
	}
	if proof != nil && proof.metadata != nil {
		at := proof.at
		c.MetadataRefreshedAt = &at
	}
}

// keepProof puts the test that came before saving into the connection's history, and keeps the metadata it read.
func (e *Engine) keepProof(ctx context.Context, tx model.Tx, id string, trial *armed, proof *finding) error {
	if proof == nil {
		return nil
	}
	result, err := e.result(id, trial.account, proof)
	if err != nil {
		return err
	}
	if err := tx.InsertTest(ctx, result, testHistory); err != nil {
		return fmt.Errorf("keep the test: %w", err)
	}
	return e.keepMetadata(ctx, tx, id, proof)
}

// provenance words, for the audit trail, whether something was tested before it was stored.
func provenance(proof *finding) string {
	if proof == nil {
		return "without a test"
	}
	return "tested"
}
