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

// candidate is a connection as it would be after a change. It replaces the stored connection only after it was verified.
type candidate struct {
	// action is the name of the change in the audit trail.
	action  string
	system  *target.System
	current model.Connection
	name    string
	// settings are the settings after the change, submitted the credentials of the request.
	settings  target.Settings
	submitted target.Credentials
	// opened has the credentials to verify the candidate with: the submitted or the stored ones; nil if the change needs no
	// credentials.
	opened *openedConnection
	// usesStored means that opened has the stored credentials, with the secrets that the target system rotated last.
	usesStored bool
	// changes are the names of the changed fields. Without changes and without a re-validation, nothing is written.
	changes []string
	verify  bool
	// revalidate signs in again and reads the metadata.
	revalidate bool
	// interactive has a person sign in afterwards.
	interactive bool
	// person means that a person has signed in: opened has what that completed. That does not count as a submission, so
	// comparisons use what was submitted last.
	person bool
	// waiting means that the submitted credentials are used once a person has signed in.
	waiting bool
}

// findRepeatOrCandidate returns the first result of a repeated request, or else the candidate for the change.
func findRepeatOrCandidate[T any](ctx context.Context, e *Engine, id string, change model.ConnectionChange) (
	result T, c *candidate, err error,
) {
	err = e.store.View(ctx, func(tx model.Tx) error {
		var found bool
		result, found, err = findRepeat[T](ctx, e, tx)
		if err != nil || found {
			return err
		}
		c, err = e.candidate(ctx, tx, id, change)
		return err
	})
	return result, c, err
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
		submitted: change.Credentials, interactive: change.Interactive,
	}
	c.chooseRevalidation(change)
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
	c.verify = c.mustVerify(change)
	return c, e.openCandidate(ctx, tx, c)
}

// chooseRevalidation decides whether a person re-validates the connection: also if nothing is stored to sign in with.
func (c *candidate) chooseRevalidation(change model.ConnectionChange) {
	if change.Revalidate && len(c.submitted) == 0 && c.current.CredentialsBlank && c.system.Authorize != nil {
		c.interactive = true
	}
	c.revalidate = change.Revalidate && !c.interactive
}

// mustVerify reports whether a candidate is tested before it is stored.
func (c *candidate) mustVerify(change model.ConnectionChange) bool {
	if c.current.IsPending() && len(c.submitted) == 0 {
		return false // the credentials are not complete
	}
	return c.revalidate ||
		change.Verify && slices.ContainsFunc(c.changes, func(change string) bool { return change != "name" })
}

func (e *Engine) validateCandidate(c *candidate, change model.ConnectionChange) error {
	var invalid invalidFields
	if c.name != c.current.Name {
		invalid.name("name", c.name)
	}
	if change.Settings != nil || change.Credentials != nil {
		invalid.fields(e, c.system, c.settings, c.submitted)
	}
	if change.Credentials != nil {
		invalid.credentials(c.system, c.settings, c.submitted)
	}
	if c.revalidate && !c.system.Revalidates {
		invalid.addf("revalidate", "%s does not support re-validation. Update the credentials instead.", c.system.Title)
	}
	if err := invalid.err(); err != nil {
		return err
	}
	bound := c.system.Rebinds(c.current.Settings, c.settings)
	pending := c.current.IsPending()
	if pending && c.current.SubmittedDigest == nil {
		bound = nil // no secret is stored
	}
	if len(bound) > 0 && (len(c.submitted) == 0 || !pending && c.system.Waits(c.settings, c.submitted)) {
		return &model.CredentialsRequiredError{Fields: bound}
	}
	return nil
}

// changedFields lists what the candidate changes. Submitted credentials always count as a change: even the same credentials
// are a rotation, and get a new date.
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

// matchesStored reports whether the candidate was verified with exactly what is stored. Then the result also applies to the
// stored connection.
func (c *candidate) matchesStored() bool {
	return c.usesStored && maps.Equal(c.settings, c.current.Settings)
}

// openCandidate finds the credentials to verify the candidate with. If the credentials last submitted are submitted again,
// the stored ones are used: the target system may have rotated a secret since, so the submitted secret may no longer be
// valid, and storing it would lose the valid one.
func (e *Engine) openCandidate(ctx context.Context, tx model.Tx, c *candidate) error {
	if len(c.submitted) > 0 && c.system.Waits(c.settings, c.submitted) {
		return e.openWaiting(ctx, tx, c)
	}
	resubmitted := len(c.submitted) > 0 && e.isResubmitted(c)
	if len(c.submitted) > 0 && !resubmitted {
		c.opened = e.openSubmitted(c.current, c.system, c.settings, c.submitted)
		return nil
	}
	if !resubmitted && !c.verify {
		return nil
	}
	stored, err := openCredentials(ctx, tx, &c.current, c.system)
	if resubmitted && (errors.Is(err, model.ErrSealed) || errors.Is(err, model.ErrNoCredentials)) {
		c.opened = e.openSubmitted(c.current, c.system, c.settings, c.submitted)
		return nil
	}
	if c.revalidate && errors.Is(err, model.ErrNoCredentials) {
		var invalid invalidFields
		invalid.credentials(c.system, c.settings, nil) // this request does not wait for a person
		return invalid.err()
	}
	if err != nil {
		return err
	}
	if _, err := c.system.Grant(c.settings, stored); err != nil {
		return &model.InvalidError{Fields: []model.InvalidField{{Path: "settings", Message: err.Error()}}}
	}
	c.opened, c.usesStored = e.openStored(c.current, c.system, c.settings, stored), true
	c.opened.newSignIn, c.opened.newScheme = c.verify, resubmitted
	return nil
}

// openWaiting finds the credentials to verify a candidate with whose submitted ones are used with the sign-in of a person: the
// secret of the person who signed in last stays. Before that, there is nothing to verify. Credentials of another grant that are
// in force are not replaced: the connection would not work before a person signs in.
func (e *Engine) openWaiting(ctx context.Context, tx model.Tx, c *candidate) error {
	stored, err := openCredentials(ctx, tx, &c.current, c.system)
	if err != nil && !errors.Is(err, model.ErrSealed) && !errors.Is(err, model.ErrNoCredentials) {
		return err
	}
	name := c.system.Authorize.Secret
	secret := stored[name]
	if err == nil && secret == "" && !c.current.CredentialsBlank {
		return incompleteError(c)
	}
	if secret == "" || c.current.CredentialsBlank {
		c.waiting, c.verify = true, false
		c.opened = e.openSubmitted(c.current, c.system, c.settings, c.submitted)
		return nil
	}
	with := maps.Clone(c.submitted)
	with[name] = secret
	if maps.Equal(with, stored) {
		c.opened, c.usesStored = e.openStored(c.current, c.system, c.settings, stored), true
		c.opened.newSignIn = c.verify
		return nil
	}
	c.opened = e.openSubmitted(c.current, c.system, c.settings, with)
	return nil
}

// incompleteError rejects secrets that only a person completes, for a connection whose credentials in force are complete.
func incompleteError(c *candidate) error {
	var invalid invalidFields
	for _, f := range c.system.Secrets() {
		if c.submitted[f.Name] != "" {
			invalid.addf("credentials."+f.Name, "%s is used once a person has signed in, and would replace the credentials in force, "+
				"which need no person. Submit complete credentials, or let a person sign in for another connection.", f.Name)
		}
	}
	return invalid.err()
}

// isResubmitted reports whether the submitted credentials are those last submitted, without a change that requires them. With
// such a change they are new ones: who submits an old secret must not have its replacement sent to others.
func (e *Engine) isResubmitted(c *candidate) bool {
	return c.current.SubmittedDigest != nil && len(c.system.Rebinds(c.current.Settings, c.settings)) == 0 &&
		e.store.Matches(c.current.SubmittedDigest, "submitted", digestParts(c.current.ID, c.system, c.submitted)...)
}

// verifyCandidate tests a candidate before it is stored. Without verification the result is nil. With a fault it returns both
// the result and a *[model.FaultError].
func (e *Engine) verifyCandidate(ctx context.Context, c *candidate) (*signInResult, error) {
	if !c.verify {
		return nil, nil //nolint:nilnil // without verification there is no result
	}
	mode := metadataOptional // other credentials or settings may see other metadata
	if c.revalidate {
		mode = metadataRequired
	}
	found, err := e.runTest(ctx, c.opened, quickTest, mode)
	if err != nil {
		return nil, err
	}
	return &found, found.err()
}

// adoptTokens keeps the token cache of a stored candidate as the cache of the connection.
func (e *Engine) adoptTokens(id string, c *candidate) {
	if c.opened != nil {
		e.caches.set(id, c.opened.cache)
	}
}
