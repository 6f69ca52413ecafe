package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// refreshTimeout is the timeout for reading the metadata for a sync policy: the policy must not wait long for a CRM that does
// not respond.
const refreshTimeout = 20 * time.Second

// metadataMode is whether a sign-in also reads the metadata, if the target system has metadata.
type metadataMode int

const (
	// metadataSkipped does not read it.
	metadataSkipped metadataMode = iota
	// metadataOptional reads it. A fault is reported as a failed check; the operation continues.
	metadataOptional
	// metadataRequired reads it. A fault fails the whole operation.
	metadataRequired
)

// metadataTest is the test under which reading the metadata appears in a connection's history.
var metadataTest = model.TestRequest{Account: model.ServiceAccount, Test: target.Metadata}

// readMetadata adds the object definitions to a result, as a separate check. Errors are those of signIn.
func (s *session) readMetadata(ctx context.Context, found *signInResult, mode metadataMode) error {
	start := time.Now()
	snapshot, ok, err := s.Metadata(ctx)
	if !ok {
		return nil
	}
	check := target.Check{Name: string(target.Metadata), Passed: err == nil, Duration: time.Since(start)}
	if err == nil {
		check.Message = fmt.Sprintf("Read the definitions of %d objects.", len(snapshot.Objects))
		found.checks, found.metadata, found.at = append(found.checks, check), &snapshot, s.engine.clock()
		return nil
	}
	fault, err := s.engine.toFault(ctx, s.digest, err)
	if err != nil {
		return err
	}
	check.Message = fault.Summary()
	found.checks, found.at = append(found.checks, check), s.engine.clock()
	if mode == metadataRequired {
		found.request, found.fault = metadataTest, fault
		found.connectionFault = fault.Certain
	}
	return nil
}

// saveMetadata replaces the stored object definitions with those of the result, if it has any.
func (e *Engine) saveMetadata(ctx context.Context, tx model.Tx, connectionID string, found *signInResult) error {
	if found.metadata == nil {
		return nil
	}
	before, err := tx.Metadata(ctx, connectionID)
	found.metadataChanged = false
	switch {
	case err == nil:
		found.metadataChanged = before.Digest != found.metadata.Digest
	case !errors.Is(err, model.ErrNotFound):
		return fmt.Errorf("read the stored metadata: %w", err)
	}
	if err := tx.PutMetadata(ctx, connectionID, *found.metadata); err != nil {
		return fmt.Errorf("store the metadata: %w", err)
	}
	return nil
}

// refreshPolicyMetadata reads the metadata of a policy's connections after the policy was created or changed. It is best
// effort: an error does not undo the policy, and a fault is recorded on the connection, as a cycle does.
func (e *Engine) refreshPolicyMetadata(ctx context.Context, p model.Policy) {
	ctx, cancel := call.WithBudget(ctx, refreshTimeout, errTestTimeout)
	defer cancel()
	for _, side := range sidesOf(&p) {
		if side.connectionID == "" {
			continue
		}
		if err := e.refreshMetadata(ctx, side.connectionID); err != nil {
			e.log.WarnContext(ctx, "refresh metadata", "connection", side.connectionID, "policy", p.ID, "error", err)
		}
	}
}

// refreshMetadata reads the metadata of a connection whose system has it.
func (e *Engine) refreshMetadata(ctx context.Context, connectionID string) error {
	var opened *openedConnection
	err := e.store.View(ctx, func(tx model.Tx) (err error) {
		c, err := readConnection(ctx, tx, connectionID)
		if err != nil {
			return err
		}
		s, err := e.systemFor(c)
		if err != nil || !s.Offers(target.Metadata) || c.CredentialsBlank {
			return err
		}
		opened, err = e.openConnection(ctx, tx, connectionID)
		return err
	})
	if err != nil || opened == nil {
		return err
	}
	found, err := e.runMetadataTest(ctx, opened)
	if err != nil {
		return err
	}
	// The result must be saved even if the context has timed out.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	return e.store.Update(ctx, func(tx model.Tx) error {
		if found.fault == nil {
			return e.recordResult(ctx, tx, opened, found)
		}
		_, err := e.saveTest(ctx, tx, opened, found)
		return err
	}, model.ConnectionKey(connectionID))
}

// runMetadataTest signs in only to read the metadata.
func (e *Engine) runMetadataTest(ctx context.Context, opened *openedConnection) (signInResult, error) {
	ctx, cancel := e.withTestTimeout(ctx)
	defer cancel()
	s, found, err := e.signIn(ctx, opened, false)
	found.request = metadataTest
	if err != nil || found.fault != nil {
		return found, err
	}
	defer s.close(ctx)
	err = s.readMetadata(ctx, &found, metadataRequired)
	return found, err
}
