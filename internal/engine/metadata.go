package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// refreshTimeout bounds reading the metadata for a sync policy: the policy is not to wait long for a CRM that does not answer.
const refreshTimeout = 20 * time.Second

// metadataMode says whether a sign-in is also to read the metadata, of systems that have it.
type metadataMode int

const (
	// metadataSkipped leaves it alone.
	metadataSkipped metadataMode = iota
	// metadataOptional reads it; that it cannot be read shows in the checks and refuses nothing.
	metadataOptional
	// metadataRequired takes a fault in reading it for the fault of the whole.
	metadataRequired
)

// metadataTest is the test that reading the metadata stands for in a connection's history.
var metadataTest = model.TestRequest{Account: model.ServiceAccount, Test: target.Metadata}

// readMetadata reads the object definitions into a finding, as a check of its own. The error is as with connectionFault.
func (s *session) readMetadata(ctx context.Context, found *signInResult, wish metadataMode) error {
	began := time.Now()
	snapshot, ok, err := s.Metadata(ctx)
	if !ok {
		return nil
	}
	check := target.Check{Name: string(target.Metadata), Passed: err == nil, Duration: time.Since(began)}
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
	if wish == metadataRequired {
		found.request, found.fault = metadataTest, fault
		found.connectionFault = fault.Code == target.GivenCredentials
	}
	return nil
}

// saveMetadata replaces what is kept of the object definitions by what was read, if anything was.
func (e *Engine) saveMetadata(ctx context.Context, tx model.Tx, connectionID string, found *signInResult) error {
	if found.metadata == nil {
		return nil
	}
	before, err := tx.Metadata(ctx, connectionID)
	switch {
	case err == nil:
		found.metadataChanged = before.Digest != found.metadata.Digest
	case !errors.Is(err, model.ErrNotFound):
		return fmt.Errorf("read the earlier metadata: %w", err)
	}
	if err := tx.PutMetadata(ctx, connectionID, *found.metadata); err != nil {
		return fmt.Errorf("keep the metadata: %w", err)
	}
	return nil
}

// refreshPolicyMetadata reads the metadata of a policy's connections, since the policy was made or changed. It is done with
// best efforts: whatever goes wrong does not undo the policy, and a fault is noted on the connection like a cycle's.
func (e *Engine) refreshPolicyMetadata(ctx context.Context, p model.Policy) {
	ctx, cancel := context.WithTimeoutCause(ctx, refreshTimeout, errTestTimeout)
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
	var a *openedConnection
	err := e.store.View(ctx, func(tx model.Tx) (err error) {
		c, err := readConnection(ctx, tx, connectionID)
		if err != nil {
			return err
		}
		s, err := e.systemFor(c)
		if err != nil || !s.Offers(target.Metadata) || c.CredentialsBlank {
			return err
		}
		a, err = e.openConnection(ctx, tx, connectionID)
		return err
	})
	if err != nil || a == nil {
		return err
	}
	defer e.saveRotated(ctx, a)
	found, err := e.runMetadataTest(ctx, a)
	if err != nil {
		return err
	}
	// The time for asking may be over; the time for writing the answer down is not.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	return e.store.Update(ctx, func(tx model.Tx) error {
		if found.fault == nil {
			return e.recordResult(ctx, tx, a, found)
		}
		_, err := e.saveTest(ctx, tx, a, found)
		return err
	})
}

// runMetadataTest signs in for the metadata alone.
func (e *Engine) runMetadataTest(ctx context.Context, a *openedConnection) (signInResult, error) {
	ctx, cancel := e.withTestTimeout(ctx)
	defer cancel()
	s, found, err := e.signIn(ctx, a, false)
	found.request = metadataTest
	if err != nil || found.fault != nil {
		return found, err
	}
	defer s.close(ctx)
	err = s.readMetadata(ctx, &found, metadataRequired)
	return found, err
}
