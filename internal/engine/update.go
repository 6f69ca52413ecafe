package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// candidate is what a connection would become. It replaces nothing before it is proved.
type candidate struct {
	system *target.System
	before Connection
	name   string
	// settings are those after the change, submitted the credentials that came with it.
	settings  target.Settings
	submitted target.Credentials
	// credentials are those to prove the candidate with: the submitted ones, or the stored ones.
	credentials target.Credentials
	// changes names what differs; nothing is written if nothing does.
	changes []string
	verify  bool
}

// UpdateConnection changes name, settings and credentials in one step, all or nothing. Changed settings and submitted
// credentials are tested before anything is replaced, unless the caller does not want that: if the target system refuses
// them or cannot be reached, everything stays as it is and the error is a *[FaultError]. A change of what the
// credentials are bound to without credentials is a *[CredentialsNeededError].
func (e *Engine) UpdateConnection(ctx context.Context, id string, change ConnectionChange) (ConnectionDetail, error) {
	return audited(ctx, e, "connection.update", id, func() (ConnectionDetail, error) {
		answer, c, err := e.repeatedOrCandidate(ctx, id, change)
		if err != nil || c == nil {
			return answer, err
		}
		proof, err := e.proved(ctx, e.account(c.system, c.settings, c.credentials), c.verify)
		if err != nil {
			return ConnectionDetail{}, err
		}
		return commit(ctx, e, func(tx Tx) (ConnectionDetail, error) { return e.replace(ctx, tx, c, proof) })
	})
}

// repeatedOrCandidate gives the first answer to a repeated request, or else what the connection would become.
func (e *Engine) repeatedOrCandidate(ctx context.Context, id string, change ConnectionChange) (
	answer ConnectionDetail, c *candidate, err error,
) {
	err = e.store.View(ctx, func(tx Tx) error {
		var found bool
		answer, found, err = recall[ConnectionDetail](ctx, e, tx)
		if err != nil || found {
			return err
		}
		c, err = e.candidate(ctx, tx, id, change)
		return err
	})
	return answer, c, err
}

func (e *Engine) candidate(ctx context.Context, tx Tx, id string, change ConnectionChange) (*candidate, error) {
	before, err := readConnection(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if change.Revision != 0 && change.Revision != before.Revision {
		return nil, fmt.Errorf("connection %q: %w", before.Name, ErrRevision)
	}
	s, err := e.systemOf(before)
	if err != nil {
		return nil, err
	}
	c := &candidate{
		system: s, before: before, name: before.Name, settings: before.Settings, submitted: change.Credentials,
	}
	if change.Name != nil {
		c.name = *change.Name
	}
	if change.Settings != nil {
		c.settings = maps.Clone(change.Settings)
	}
	if err := e.validateCandidate(c, change); err != nil {
		return nil, err
	}
	if err := nameFree(ctx, tx, c.name, id); err != nil {
		return nil, err
	}
	c.changes = c.differences()
	if err := c.arm(ctx, tx, change.Verify); err != nil {
		return nil, err
	}
	return c, nil
}

func (e *Engine) validateCandidate(c *candidate, change ConnectionChange) error {
	var wrong problems
	if change.Name != nil {
		wrong.name("name", c.name)
	}
	if change.Settings != nil || change.Credentials != nil {
		wrong.fields(e, c.system, c.settings, c.submitted)
	}
	if change.Credentials != nil {
		wrong.secret(c.system, c.settings, c.submitted)
	}
	if err := wrong.err(); err != nil {
		return err
	}
	bound := c.system.Rebinds(c.before.Settings, c.settings)
	if len(bound) > 0 && len(c.submitted) == 0 {
		return &CredentialsNeededError{Fields: bound}
	}
	return nil
}

// differences names what the candidate changes: settings by name, credentials whenever some were submitted, since even
// the same ones are a rotation that somebody wants to be dated.
func (c *candidate) differences() []string {
	var changes []string
	if c.name != c.before.Name {
		changes = append(changes, "name")
	}
	for _, f := range c.system.Settings() {
		before, was := c.before.Settings[f.Name]
		after, is := c.settings[f.Name]
		if was != is || before != after {
			changes = append(changes, "settings."+f.Name)
		}
	}
	if len(c.submitted) > 0 {
		changes = append(changes, "credentials")
	}
	return changes
}

// arm finds the credentials to prove the candidate with. A change of the name alone needs no proof.
func (c *candidate) arm(ctx context.Context, tx Tx, verify bool) error {
	c.credentials = c.submitted
	c.verify = verify && slices.ContainsFunc(c.changes, func(change string) bool { return change != "name" })
	if !c.verify || len(c.submitted) > 0 {
		return nil
	}
	stored, err := c.before.open(ctx, tx, c.system)
	if err != nil {
		return err
	}
	c.credentials = stored
	if _, err := c.system.Grant(c.settings, stored); err != nil {
		return &InvalidError{Problems: []Problem{{Path: "settings", Message: err.Error()}}}
	}
	return nil
}

// open opens the stored credentials of a connection.
func (c *Connection) open(ctx context.Context, tx Tx, s *target.System) (target.Credentials, error) {
	stored, err := tx.Credentials(ctx, c.ID, s.Binding(c.Settings))
	if errors.Is(err, ErrNotFound) {
		err = ErrNoCredentials
	}
	if err != nil {
		return nil, fmt.Errorf("connection %q: %w", c.Name, err)
	}
	return stored, nil
}

// replace writes a proved candidate over the connection, unless somebody else changed it since it was read. What tests
// and cycles noted meanwhile stays, where it is still about what is stored.
func (e *Engine) replace(ctx context.Context, tx Tx, n *candidate, proof *finding) (ConnectionDetail, error) {
	c, err := readConnection(ctx, tx, n.before.ID)
	if err != nil {
		return ConnectionDetail{}, err
	}
	if c.Revision != n.before.Revision {
		return ConnectionDetail{}, fmt.Errorf("connection %q: %w", c.Name, ErrRevision)
	}
	if len(n.changes) == 0 {
		return detail(ctx, tx, c)
	}
	now := e.clock()
	c.Name, c.Settings, c.Revision, c.LastModifiedAt = n.name, n.settings, c.Revision+1, now
	if len(n.submitted) > 0 {
		if err := e.submit(&c, n.system, n.submitted, now); err != nil {
			return ConnectionDetail{}, err
		}
		if err := tx.PutCredentials(ctx, c.ID, n.system.Binding(c.Settings), n.submitted); err != nil {
			return ConnectionDetail{}, fmt.Errorf("seal the credentials: %w", err)
		}
		c.trust(proof)
	} else if bytes.Equal(c.Submitted, n.before.Submitted) {
		c.trust(proof)
	}
	if err := tx.UpdateConnection(ctx, c); err != nil {
		return ConnectionDetail{}, fmt.Errorf("update the connection: %w", err)
	}
	if err := e.keepProof(ctx, tx, c.ID, proof); err != nil {
		return ConnectionDetail{}, err
	}
	what := "changed " + strings.Join(n.changes, ", ") + "; " + provenance(proof)
	if err := e.record(ctx, tx, "connection.update", c.ID, done, what); err != nil {
		return ConnectionDetail{}, err
	}
	return detail(ctx, tx, c)
}
