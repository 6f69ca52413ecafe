package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// candidate is what a connection would become. It replaces nothing before it is proved.
type candidate struct {
	// action is the word for it in the audit trail.
	action  string
	system  *target.System
	current model.Connection
	name    string
	// settings are those after the change, submitted the credentials that came with it.
	settings  target.Settings
	submitted target.Credentials
	// opened is what to prove the candidate with: the submitted credentials, or the stored ones; nil if nothing of it needs
	// credentials.
	opened *openedConnection
	// usesStored tells that the trial's credentials are the stored ones, in the form that the target system gave them last.
	usesStored bool
	// changes names what differs; without a re-validation, nothing is written if nothing does.
	changes []string
	verify  bool
	// revalidate signs in afresh and reads the metadata.
	revalidate bool
}

// findRepeatOrCandidate gives the first answer to a repeated request, or else what the connection would become.
func findRepeatOrCandidate[T any](ctx context.Context, e *Engine, id string, change model.ConnectionChange) (
	answer T, c *candidate, err error,
) {
	err = e.store.View(ctx, func(tx model.Tx) error {
		var found bool
		answer, found, err = findRepeat[T](ctx, e, tx)
		if err != nil || found {
			return err
		}
		c, err = e.candidate(ctx, tx, id, change)
		return err
	})
	return answer, c, err
}

func (e *Engine) candidate(ctx context.Context, tx model.Tx, id string, change model.ConnectionChange) (*candidate, error) {
	before, err := readConnection(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if change.Revision != 0 && change.Revision != before.Revision {
		return nil, fmt.Errorf("connection %q: %w", before.Name, model.ErrRevision)
	}
	s, err := e.systemFor(before)
	if err != nil {
		return nil, err
	}
	c := &candidate{
		action: "connection.update", system: s, current: before, name: before.Name, settings: before.Settings,
		submitted: change.Credentials, revalidate: change.Revalidate,
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
	if c.name != before.Name {
		if err := checkNameFree(ctx, tx, c.name, id); err != nil {
			return nil, err
		}
	}
	c.changes = c.changedFields()
	c.verify = c.revalidate || change.Verify &&
		slices.ContainsFunc(c.changes, func(change string) bool { return change != "name" })
	return c, e.openCandidate(ctx, tx, c)
}

func (e *Engine) validateCandidate(c *candidate, change model.ConnectionChange) error {
	var wrong invalidFields
	if c.name != c.current.Name {
		wrong.name("name", c.name)
	}
	if change.Settings != nil || change.Credentials != nil {
		wrong.fields(e, c.system, c.settings, c.submitted)
	}
	if change.Credentials != nil {
		wrong.credentials(c.system, c.settings, c.submitted)
	}
	if c.revalidate && !c.system.Revalidates {
		wrong.add("revalidate", "Connections to %s are not re-validated: give the new secret to mend one.", c.system.Title)
	}
	if err := wrong.err(); err != nil {
		return err
	}
	bound := c.system.Rebinds(c.current.Settings, c.settings)
	if len(bound) > 0 && len(c.submitted) == 0 {
		return &model.CredentialsRequiredError{Fields: bound}
	}
	return nil
}

// changedFields names what the candidate changes: settings by name, credentials whenever some were submitted, since even
// the same ones are a rotation that somebody wants to be dated.
func (c *candidate) changedFields() []string {
	var changes []string
	if c.name != c.current.Name {
		changes = append(changes, "name")
	}
	for _, f := range c.system.Settings() {
		before, was := c.current.Settings[f.Name]
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

// matchesStored tells that the candidate was tried just as the connection is stored: what was found is true of it.
func (c *candidate) matchesStored() bool {
	return c.usesStored && maps.Equal(c.settings, c.current.Settings)
}

// openCandidate finds the credentials to prove the candidate with. The set that was last submitted, submitted again, is the
// set that is stored, although the target system may have rotated a secret of it since: what was submitted may be
// worthless by now, and to try and store it would lose what is good.
func (e *Engine) openCandidate(ctx context.Context, tx model.Tx, c *candidate) error {
	same := len(c.submitted) > 0 && e.isResubmitted(c)
	if len(c.submitted) > 0 && !same {
		c.opened = e.openSubmitted(c.current, c.system, c.settings, c.submitted)
		return nil
	}
	if !same && !c.verify {
		return nil
	}
	stored, err := openCredentials(ctx, tx, &c.current, c.system)
	if same && (errors.Is(err, model.ErrSealed) || errors.Is(err, model.ErrNoCredentials)) {
		c.opened = e.openSubmitted(c.current, c.system, c.settings, c.submitted)
		return nil
	}
	if c.revalidate && errors.Is(err, model.ErrNoCredentials) {
		var wrong invalidFields
		wrong.credentials(c.system, c.settings, nil) // a person cannot sign in instead
		return wrong.err()
	}
	if err != nil {
		return err
	}
	if _, err := c.system.Grant(c.settings, stored); err != nil {
		return &model.InvalidError{Fields: []model.InvalidField{{Path: "settings", Message: err.Error()}}}
	}
	c.opened, c.usesStored = e.openStored(c.current, c.system, c.settings, stored), true
	c.opened.newSignIn = c.verify
	return nil
}

// isResubmitted tells whether the submitted credentials are those last submitted, for the same place.
func (e *Engine) isResubmitted(c *candidate) bool {
	return c.current.SubmittedDigest != nil && len(c.system.Rebinds(c.current.Settings, c.settings)) == 0 &&
		e.store.Matches(c.current.SubmittedDigest, "submitted", digestParts(c.current.ID, c.system, c.submitted)...)
}

// verifyCandidate tests a candidate that is about to be stored; the finding is nil if nobody wants that. A fault is a *[FaultError]
// beside the finding.
func (e *Engine) verifyCandidate(ctx context.Context, c *candidate) (*signInResult, error) {
	if !c.verify {
		return nil, nil
	}
	wish := metadataOptional // what other credentials or settings see may be something else
	if c.revalidate {
		wish = metadataRequired
	}
	found, err := e.runTest(ctx, c.opened, quickTest, wish)
	if err != nil {
		return nil, err
	}
	return &found, found.err()
}

// adoptTokens makes the tokens of a stored candidate the connection's own.
func (e *Engine) adoptTokens(id string, c *candidate) {
	if c.opened != nil {
		e.caches.set(id, c.opened.cache)
	}
}
