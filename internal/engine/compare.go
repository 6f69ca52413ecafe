package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// CompareCredentials tells, for each of up to [api.MaxComparisons] sets of credentials, whether it is the set last submitted
// for its connection, in their order. Blanked credentials are unequal to everything.
func (e *Engine) CompareCredentials(ctx context.Context, cs []model.Comparison) ([]model.ComparisonResult, error) {
	if len(cs) > api.MaxComparisons {
		return nil, &model.InvalidError{Fields: []model.InvalidField{{Path: "comparisons", Message: fmt.Sprintf(
			"comparisons has %d entries and must not have more than %d: split the call.", len(cs), api.MaxComparisons)}}}
	}
	results := make([]model.ComparisonResult, len(cs))
	guesses := false
	err := e.store.View(ctx, func(tx model.Tx) error {
		for i, c := range cs {
			found, err := e.compare(ctx, tx, c)
			if err != nil {
				return err
			}
			results[i] = found.result
			guesses = guesses || found.unequalDigest != nil || found.result == model.ComparisonWithheld
		}
		return nil
	})
	if err != nil || !guesses {
		return results, err
	}
	return results, e.store.Update(ctx, func(tx model.Tx) error { return e.countUnequal(ctx, tx, cs, results) })
}

// countUnequal compares once more where each unequal set counts before the next one is looked at.
func (e *Engine) countUnequal(ctx context.Context, tx model.Tx, cs []model.Comparison, results []model.ComparisonResult) error {
	now := e.clock()
	for i, c := range cs {
		found, err := e.compare(ctx, tx, c)
		if err != nil {
			return err
		}
		results[i] = found.result
		if found.unequalDigest != nil {
			if err := tx.InsertUnequalComparison(ctx, c.ConnectionID, found.unequalDigest, now, now.Add(-api.ComparisonWindow)); err != nil {
				return fmt.Errorf("count an unequal comparison: %w", err)
			}
		}
		if found.result == model.ComparisonWithheld {
			err := e.recordAudit(ctx, tx, "credentials.compare", c.ConnectionID, "withheld",
				fmt.Sprintf("%d different sets were unequal within the hour", api.MaxUnequalComparisons))
			if err != nil {
				return err
			}
		}
	}
	return nil
}

type comparison struct {
	result model.ComparisonResult
	// unequalDigest is the digest of an unequal set that was not compared before; nil otherwise.
	unequalDigest []byte
}

// compare answers without counting. Past the bound it withholds equal sets as well: answering only those would tell a
// right guess from a wrong one.
func (e *Engine) compare(ctx context.Context, tx model.Tx, asked model.Comparison) (comparison, error) {
	c, err := tx.Connection(ctx, asked.ConnectionID)
	switch {
	case errors.Is(err, model.ErrNotFound):
		return comparison{result: model.ComparisonNone}, nil
	case err != nil:
		return comparison{}, fmt.Errorf("read connection %s: %w", asked.ConnectionID, err)
	case c.CredentialsBlank:
		return comparison{result: model.ComparisonUnequal}, nil
	case c.SubmittedDigest == nil:
		return comparison{result: model.ComparisonNone}, nil
	}
	s, err := e.systemFor(c)
	if err != nil {
		return comparison{}, err
	}
	return e.compareDigest(ctx, tx, c, s, asked.Credentials)
}

func (e *Engine) compareDigest(ctx context.Context, tx model.Tx, c model.Connection, s *target.System, set target.Credentials) (
	comparison, error,
) {
	parts := digestParts(c.ID, s, set)
	guess, err := e.store.Digest("compared", parts...)
	if err != nil {
		return comparison{}, fmt.Errorf("digest the compared credentials: %w", err)
	}
	count, known, err := tx.UnequalComparisons(ctx, c.ID, guess, e.clock().Add(-api.ComparisonWindow))
	if err != nil {
		return comparison{}, fmt.Errorf("count unequal comparisons: %w", err)
	}
	switch {
	case count >= api.MaxUnequalComparisons && !known:
		return comparison{result: model.ComparisonWithheld}, nil
	case e.store.Matches(c.SubmittedDigest, "submitted", parts...):
		return comparison{result: model.ComparisonEqual}, nil
	case known:
		return comparison{result: model.ComparisonUnequal}, nil
	}
	return comparison{result: model.ComparisonUnequal, unequalDigest: guess}, nil
}
