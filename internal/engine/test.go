package engine

import (
	"context"
	"fmt"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// quickTest is the quick test: the service account signs in and its identity is checked. Verification before saving runs it too.
var quickTest = model.TestRequest{Account: model.ServiceAccount, Test: target.General}

// TestConnection signs in with the stored credentials and runs one test; without account and test, the quick test. A fault is
// a result, not an error. The result is recorded on the connection: credentials that were stored without a test are blanked
// if they are rejected.
func (e *Engine) TestConnection(ctx context.Context, id string, r model.TestRequest) (model.TestResult, error) {
	return withAudit(ctx, e, "connection.test", id, func() (model.TestResult, error) {
		r := r.WithDefaults()
		repeated, tested, err := e.findRepeatOrOpen(ctx, id, r)
		if err != nil || tested == nil {
			return repeated, err
		}
		found := e.blankResult(tested.connection, r)
		if !tested.connection.CredentialsBlank {
			if found, err = e.runTest(ctx, tested, r, metadataSkipped); err != nil {
				return model.TestResult{}, err
			}
		}
		return runOnce(ctx, e, func(tx model.Tx) (model.TestResult, error) {
			return e.saveTest(ctx, tx, tested, found)
		}, model.ConnectionKey(id))
	})
}

// Tests lists the stored tests of a connection, newest first.
func (e *Engine) Tests(ctx context.Context, id string, f model.TestFilter, p model.Page) ([]model.TestResult, error) {
	var tests []model.TestResult
	err := e.store.View(ctx, func(tx model.Tx) error {
		if _, err := readConnection(ctx, tx, id); err != nil {
			return err
		}
		var err error
		if tests, err = tx.Tests(ctx, id, f, clampPage(p)); err != nil {
			return fmt.Errorf("list the tests of connection %s: %w", id, err)
		}
		return nil
	})
	return tests, err
}

// findRepeatOrOpen returns the first result of a repeated request, or else the connection with the credentials to test.
func (e *Engine) findRepeatOrOpen(ctx context.Context, id string, r model.TestRequest) (
	result model.TestResult, o *openedConnection, err error,
) {
	err = e.store.View(ctx, func(tx model.Tx) error {
		var found bool
		result, found, err = findRepeat[model.TestResult](ctx, e, tx)
		if err != nil || found {
			return err
		}
		o, err = e.openConnection(ctx, tx, id)
		if err != nil {
			return err
		}
		return e.validateTest(o.account.System, r)
	})
	return result, o, err
}

func (e *Engine) validateTest(s *target.System, r model.TestRequest) error {
	var invalid invalidFields
	switch r.Account {
	case model.UserAccount:
		invalid.email(e, "user_email", r.UserEmail)
	case model.ServiceAccount:
		if r.UserEmail != "" {
			invalid.addf("user_email", "user_email is for tests of a user: set account to %q, or omit user_email.", model.UserAccount)
		}
		if r.Test.NeedsUser() {
			invalid.addf("account", "The %s test requires a user to act as: set account to %q, with user_email.", r.Test,
				model.UserAccount)
		}
	default:
		invalid.addf("account", "account must be %q or %q.", model.ServiceAccount, model.UserAccount)
	}
	if !s.Offers(r.Test) {
		offered := make([]string, len(s.Tests))
		for i, t := range s.Tests {
			offered[i] = string(t)
		}
		invalid.addf("test", "%s does not offer the test %q: use one of %s.", s.Title, r.Test, strings.Join(offered, ", "))
	}
	return invalid.err()
}

// saveTest records the result of a test on the connection and in its history.
func (e *Engine) saveTest(ctx context.Context, tx model.Tx, tested *openedConnection, found signInResult) (
	model.TestResult, error,
) {
	result, err := e.testResult(tested.connection.ID, tested.account, &found)
	if err != nil {
		return model.TestResult{}, err
	}
	if err := e.recordResult(ctx, tx, tested, found); err != nil {
		return model.TestResult{}, err
	}
	if err := tx.InsertTest(ctx, result, api.KeptTests); err != nil {
		return model.TestResult{}, fmt.Errorf("store the test: %w", err)
	}
	return result, nil
}
