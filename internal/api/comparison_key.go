package api

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
)

const (
	// IncludeComparisonKey is the value of the query parameter include that adds the set of credentials and its comparison key to
	// connections. Without [ScopeCompare] it adds nothing.
	IncludeComparisonKey = "comparison_key"
	// CapabilityComparisonKeys is among the capabilities of control planes that know [IncludeComparisonKey].
	CapabilityComparisonKeys = "comparison-keys"
)

// ComparisonKey is the key of a keyed digest of one set of credentials, in base64 on the wire. Who has it and the digest can test
// guesses, so it is never stored, shown or logged: it formats as a fixed text.
type ComparisonKey []byte

// Format implements [fmt.Formatter] for every verb.
func (ComparisonKey) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "[comparison key]") // as fmt does
}

// include returns the query of calls whose responses are to have comparison keys. An error of the look-up is that of the call
// itself as well, which reports it.
func (c *Client) include(ctx context.Context) url.Values {
	if !c.comparisonKeys {
		return nil
	}
	instance, err := c.Instance(ctx)
	if err != nil || !slices.Contains(instance.Capabilities, CapabilityComparisonKeys) {
		return nil
	}
	return includeComparisonKey()
}

func includeComparisonKey() url.Values { return url.Values{"include": {IncludeComparisonKey}} }
