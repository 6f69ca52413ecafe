package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// CompareCredentials reports, for each of up to [api.MaxComparisons] comparisons, in their order, whether the credentials are
// those last submitted for the connection. Blank credentials are unequal to everything.
//
// Comparing must not be a way to guess secrets: after [api.MaxUnequalComparisons] different unequal sets of credentials within
// [api.ComparisonWindow], the results of further sets are withheld.
func (e *Engine) CompareCredentials(ctx context.Context, cs []model.Comparison) ([]model.ComparisonResult, error) {
	if len(cs) > api.MaxComparisons {
		return nil, &model.InvalidError{Fields: []model.InvalidField{{Path: "comparisons", Message: fmt.Sprintf(
			"comparisons has %d entries and must not have more than %d: split the call.", len(cs), api.MaxComparisons)}}}
	}
	results := make([]model.ComparisonResult, len(cs))
	mustCount := false
	err := e.store.View(ctx, func(tx model.Tx) error {
		for i, c := range cs {
			found, err := e.compare(ctx, tx, c)
			if err != nil {
				return err
			}
			results[i] = found.result
			mustCount = mustCount || found.unequalDigest != nil || found.result == model.ComparisonWithheld
		}
		return nil
	})
	if err != nil || !mustCount {
		return results, err
	}
	return results, e.store.Update(ctx, func(tx model.Tx) error {
		return e.countUnequal(ctx, tx, cs, results)
	}, comparisonKeys(cs)...)
}

// maxComparisonKeys limits the locks of one transaction: beyond that, it runs alone.
const maxComparisonKeys = 10

// comparisonKeys are the keys of a transaction that counts comparisons.
func comparisonKeys(cs []model.Comparison) []model.WriteKey {
	keys := make([]model.WriteKey, len(cs))
	for i, c := range cs {
		keys[i] = model.ConnectionKey(c.ConnectionID)
	}
	slices.Sort(keys)
	if keys = slices.Compact(keys); len(keys) > maxComparisonKeys {
		return nil
	}
	return keys
}

// countUnequal compares again in a write transaction, and counts each unequal set before it compares the next one.
func (e *Engine) countUnequal(ctx context.Context, tx model.Tx, cs []model.Comparison, results []model.ComparisonResult) error {
	now := e.clock()
	for i, c := range cs {
		found, err := e.compare(ctx, tx, c)
		if err != nil {
			return err
		}
		results[i] = found.result
		if found.unequalDigest != nil {
			expired := now.Add(-api.ComparisonWindow)
			if err := tx.InsertUnequalComparison(ctx, c.ConnectionID, found.unequalDigest, now, expired); err != nil {
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

// compare compares without counting. Beyond the limit it withholds equal results too: if only unequal ones were withheld, a
// correct guess could be recognized.
func (e *Engine) compare(ctx context.Context, tx model.Tx, in model.Comparison) (comparison, error) {
	c, err := tx.Connection(ctx, in.ConnectionID)
	switch {
	case errors.Is(err, model.ErrNotFound):
		return comparison{result: model.ComparisonNone}, nil
	case err != nil:
		return comparison{}, fmt.Errorf("read connection %s: %w", in.ConnectionID, err)
	case c.CredentialsBlank && !c.IsPending():
		return comparison{result: model.ComparisonUnequal}, nil
	case c.SubmittedDigest == nil:
		return comparison{result: model.ComparisonNone}, nil
	}
	s, err := e.systemFor(c)
	if err != nil {
		return comparison{}, err
	}
	return e.compareDigest(ctx, tx, c, s, in.Credentials)
}

func (e *Engine) compareDigest(
	ctx context.Context, tx model.Tx, c model.Connection, s *target.System, submitted target.Credentials,
) (comparison, error) {
	parts := digestParts(c.ID, s, submitted)
	digest, err := e.store.Digest("compared", parts...)
	if err != nil {
		return comparison{}, fmt.Errorf("digest the compared credentials: %w", err)
	}
	now := e.clock()
	count, known, err := tx.UnequalComparisons(ctx, c.ID, digest, now.Add(-api.ComparisonWindow), now.Add(model.MaxClockSkew))
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
	return comparison{result: model.ComparisonUnequal, unequalDigest: digest}, nil
}
