package engine

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// AccountKind says whom a connection test is about.
type AccountKind string

// The accounts of a connection test.
const (
	ServiceAccount AccountKind = "service_account"
	UserAccount    AccountKind = "user"
)

// TestRequest asks for one connection test: an account and a test.
type TestRequest struct {
	Account   AccountKind
	UserEmail string
	Test      target.Test
	// Force sends credentials that the target refused again, although a refusal is remembered.
	Force bool
}

// TestResult is what a connection test found.
type TestResult struct {
	ID           string
	ConnectionID string
	TestRequest
	Passed bool
	// Summary is one line: the fault's title, or what passed.
	Summary  string
	Fault    *Fault
	Identity *target.Identity
	Checks   []target.Check
	TestedAt time.Time
	// Remembered tells that the target was not asked: the fault is the answer it gave before.
	Remembered bool
	// Warnings are those of the connection's, at the time of the test.
	Warnings []string
}

// testHistory is how many tests of a connection are kept.
const testHistory = 100

// general is the quick test: the service account proves who it is. Saving runs it too.
var general = TestRequest{Account: ServiceAccount, Test: target.General}

// quick tells the quick test, which is about the connection itself, from a tailored one.
func (r TestRequest) quick() bool { return r.Account == ServiceAccount && r.Test == target.General }

// subject words whom a test is about.
func (r TestRequest) subject() string {
	if r.Account == UserAccount {
		return "the user " + r.UserEmail
	}
	return "the service account"
}

// withDefaults completes a request to the quick test.
func (r TestRequest) withDefaults() TestRequest {
	if r.Account == "" {
		r.Account = ServiceAccount
	}
	if r.Test == "" {
		r.Test = target.General
	}
	return r
}

// TestConnection signs in with what is stored and runs one test; without account and test, the quick one. A fault is an
// answer, not an error. What is found is noted on the connection: credentials that were stored without a test are wiped
// if they are refused.
func (e *Engine) TestConnection(ctx context.Context, id string, r TestRequest) (TestResult, error) {
	return audited(ctx, e, "connection.test", id, func() (TestResult, error) {
		r := r.withDefaults()
		answer, tested, err := e.repeatedOrArmed(ctx, id, r)
		if err != nil || tested == nil {
			return answer, err
		}
		defer e.rescue(ctx, tested)
		found := e.blank(tested.connection, r)
		if tested.connection.Trust != Wiped {
			if found, err = e.prove(ctx, tested, r, withoutMetadata); err != nil {
				return TestResult{}, err
			}
		}
		return commit(ctx, e, func(tx Tx) (TestResult, error) { return e.keepTest(ctx, tx, tested, found) })
	})
}

// Tests lists the kept tests of a connection, newest first.
func (e *Engine) Tests(ctx context.Context, id string, p Page) ([]TestResult, error) {
	var tests []TestResult
	err := e.store.View(ctx, func(tx Tx) error {
		if _, err := readConnection(ctx, tx, id); err != nil {
			return err
		}
		var err error
		if tests, err = tx.Tests(ctx, id, bounded(p)); err != nil {
			return fmt.Errorf("list the tests of connection %s: %w", id, err)
		}
		return nil
	})
	return tests, err
}

// repeatedOrArmed gives the first answer to a repeated request, or else what it takes to run the test.
func (e *Engine) repeatedOrArmed(ctx context.Context, id string, r TestRequest) (
	answer TestResult, a *armed, err error,
) {
	err = e.store.View(ctx, func(tx Tx) error {
		var found bool
		answer, found, err = recall[TestResult](ctx, e, tx)
		if err != nil || found {
			return err
		}
		a, err = e.arm(ctx, tx, id)
		if err != nil {
			return err
		}
		return e.validateTest(a.account.System, r)
	})
	return answer, a, err
}

func (e *Engine) validateTest(s *target.System, r TestRequest) error {
	var wrong problems
	switch r.Account {
	case UserAccount:
		wrong.email(e, "user_email", r.UserEmail)
	case ServiceAccount:
		if r.UserEmail != "" {
			wrong.add("user_email", "user_email is for tests of a user: set account to %q, or leave user_email out.", UserAccount)
		}
		if r.Test.NeedsUser() {
			wrong.add("account", "The %s test needs a user to act as: set account to %q, with user_email.", r.Test, UserAccount)
		}
	default:
		wrong.add("account", "account must be %q or %q.", ServiceAccount, UserAccount)
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

// keepTest notes what a test found, on the connection and in its history.
func (e *Engine) keepTest(ctx context.Context, tx Tx, tested *armed, found finding) (TestResult, error) {
	result, err := e.result(tested.connection.ID, tested.account, &found)
	if err != nil {
		return TestResult{}, err
	}
	if err := e.settle(ctx, tx, tested, found); err != nil {
		return TestResult{}, err
	}
	if err := tx.InsertTest(ctx, result, testHistory); err != nil {
		return TestResult{}, fmt.Errorf("keep the test: %w", err)
	}
	return result, nil
}
