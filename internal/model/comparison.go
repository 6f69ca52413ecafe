package model

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// Comparison asks whether a set of credentials is the one last submitted for a connection.
type Comparison struct {
	ConnectionID string
	Credentials  target.Credentials
}

// ComparisonResult is the answer to a comparison.
type ComparisonResult string

// The answers to a comparison. Withheld: too many different sets were compared within the hour.
const (
	ComparisonEqual    ComparisonResult = "equal"
	ComparisonUnequal  ComparisonResult = "unequal"
	ComparisonNone     ComparisonResult = "none"
	ComparisonWithheld ComparisonResult = "withheld"
)
