package engine

import (
	"context"
	"fmt"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// quickTest is the quick test: the service account proves who it is. Saving runs it too.
var quickTest = model.TestRequest{Account: model.ServiceAccount, Test: target.General}

// TestConnection signs in with what is stored and runs one test; without account and test, the quick one. A fault is an
// answer, not an error. What is found is noted on the connection: credentials that were stored without a test are wiped
// if they are refused.
func (e *Engine) TestConnection(ctx context.Context, id string, r model.TestRequest) (model.TestResult, error) {
	return withAudit(ctx, e, "connection.test", id, func() (model.TestResult, error) {
		r := r.WithDefaults()
		answer, tested, err := e.findRepeatOrOpen(ctx, id, r)
		if err != nil || tested == nil {
			return answer, err
		}
		defer e.saveRotated(ctx, tested)
		found := e.blankResult(tested.connection, r)
		if !tested.connection.CredentialsBlank {
			if found, err = e.runTest(ctx, tested, r, metadataSkipped); err != nil {
				return model.TestResult{}, err
			}
		}
		return runOnce(ctx, e, func(tx model.Tx) (model.TestResult, error) { return e.saveTest(ctx, tx, tested, found) })
	})
}

// Tests lists the kept tests of a connection, newest first.
func (e *Engine) Tests(ctx context.Context, id string, p model.Page) ([]model.TestResult, error) {
	var tests []model.TestResult
	err := e.store.View(ctx, func(tx model.Tx) error {
		if _, err := readConnection(ctx, tx, id); err != nil {
			return err
		}
		var err error
		if tests, err = tx.Tests(ctx, id, clampPage(p)); err != nil {
			return fmt.Errorf("list the tests of connection %s: %w", id, err)
		}
		return nil
	})
	return tests, err
}

// findRepeatOrOpen gives the first answer to a repeated request, or else what it takes to run the test.
func (e *Engine) findRepeatOrOpen(ctx context.Context, id string, r model.TestRequest) (
	answer model.TestResult, a *openedConnection, err error,
) {
	err = e.store.View(ctx, func(tx model.Tx) error {
		var found bool
		answer, found, err = findRepeat[model.TestResult](ctx, e, tx)
		if err != nil || found {
			return err
		}
		a, err = e.openConnection(ctx, tx, id)
		if err != nil {
			return err
		}
		return e.validateTest(a.account.System, r)
	})
	return answer, a, err
}

func (e *Engine) validateTest(s *target.System, r model.TestRequest) error {
	var wrong invalidFields
	switch r.Account {
	case model.UserAccount:
		wrong.email(e, "user_email", r.UserEmail)
	case model.ServiceAccount:
		if r.UserEmail != "" {
			wrong.add("user_email", "user_email is for tests of a user: set account to %q, or leave user_email out.", model.UserAccount)
		}
		if r.Test.NeedsUser() {
			wrong.add("account", "The %s test needs a user to act as: set account to %q, with user_email.", r.Test, model.UserAccount)
		}
	default:
		wrong.add("account", "account must be %q or %q.", model.ServiceAccount, model.UserAccount)
	}
	if !s.Offers(r.Test) {
		offered := make([]string, len(s.Tests))
		for i, t := range s.Tests {
			offered[i] = string(t)
		}
		wrong.add("test", "%s does not offer the test %q: use one of %s.", s.Title, r.Test, strings.Join(offered, ", "))
	}
	return wrong.err()
}

// saveTest notes what a test found, on the connection and in its history.
func (e *Engine) saveTest(ctx context.Context, tx model.Tx, tested *openedConnection, found signInResult) (model.TestResult, error) {
	result, err := e.testResult(tested.connection.ID, tested.account, &found)
	if err != nil {
		return model.TestResult{}, err
	}
	if err := e.recordResult(ctx, tx, tested, found); err != nil {
		return model.TestResult{}, err
	}
	if err := tx.InsertTest(ctx, result, api.KeptTests); err != nil {
		return model.TestResult{}, fmt.Errorf("keep the test: %w", err)
	}
	return result, nil
}
