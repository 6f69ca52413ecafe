package model

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// Comparison is a request to compare credentials with those last submitted for a connection.
type Comparison struct {
	ConnectionID string
	Credentials  target.Credentials
}

// ComparisonResult is the result of a comparison.
type ComparisonResult string

// The results of a comparison. None: the connection does not exist or has no credentials. Withheld: too many different
// credentials compared unequal within the hour.
const (
	ComparisonEqual    ComparisonResult = "equal"
	ComparisonUnequal  ComparisonResult = "unequal"
	ComparisonNone     ComparisonResult = "none"
	ComparisonWithheld ComparisonResult = "withheld"
)
