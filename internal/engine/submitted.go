package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// setSubmitted records on a connection that a set of credentials was submitted, and gives the set an id. It is unverified, and no
// authentication scheme is known for it. The store seals the credentials themselves.
func (e *Engine) setSubmitted(c *model.Connection, s *target.System, submitted target.Credentials, now time.Time) error {
	digest, err := e.store.Digest("submitted", digestParts(c.ID, s, submitted)...)
	if err != nil {
		return fmt.Errorf("digest the credentials: %w", err)
	}
	if c.CredentialsSetID, err = newID(); err != nil {
		return err
	}
	c.SubmittedDigest, c.CredentialsUpdatedAt, c.CredentialsScheme = digest, &now, ""
	c.CredentialsExpireAt = nil
	if end := s.CredentialsExpireAt(submitted); !end.IsZero() {
		c.CredentialsExpireAt = new(end.UTC())
	}
	c.CredentialsVerified, c.CredentialsBlank, c.Fault = false, false, nil
	return nil
}

// digestParts returns what a comparison compares. It includes the connection, so that digests do not show whether two
// connections have equal credentials.
func digestParts(connectionID string, s *target.System, submitted target.Credentials) []string {
	return append([]string{connectionID}, s.CanonicalCredentials(submitted)...)
}

// applyVerification records a successful test of the settings and credentials on a connection. Without a test (nil) it does
// nothing. The authentication scheme is recorded only if the stored one is the one that the sign-in knew: another sign-in may
// have stored a stronger one since.
func applyVerification(c *model.Connection, verification *signInResult) {
	if verification != nil {
		c.CredentialsVerified, c.CredentialsBlank, c.Fault, c.Identity = true, false, nil, verification.identity
	}
	if verification != nil && verification.scheme != "" && verification.knownScheme == c.CredentialsScheme {
		c.CredentialsScheme = verification.scheme
	}
	if verification != nil && verification.metadata != nil {
		at := verification.at
		c.MetadataRefreshedAt = &at
	}
}

// saveVerification stores the test that was run before saving in the connection's history, and the metadata that it read.
func (e *Engine) saveVerification(
	ctx context.Context, tx model.Tx, id string, opened *openedConnection, verification *signInResult,
) error {
	if verification == nil {
		return nil
	}
	result, err := e.testResult(id, opened.account, verification)
	if err != nil {
		return err
	}
	if err := tx.InsertTest(ctx, result, api.KeptTests); err != nil {
		return fmt.Errorf("store the test: %w", err)
	}
	return e.saveMetadata(ctx, tx, id, verification)
}

// verificationText says in the audit trail whether credentials were tested before they were stored.
func verificationText(verification *signInResult) string {
	if verification == nil {
		return "without a test"
	}
	return "tested"
}
