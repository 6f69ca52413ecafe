package salesforce

import (
	_ "embed" // for the table of errors

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/errortable"
)

//go:embed errors.tsv
var errorRows string

// knownErrors are the errors of the token endpoint, the REST API and the identity services.
var knownErrors = errortable.Of(errorRows)

// badToken is the identity services' error for a token that is no longer valid.
const badToken = "Bad_OAuth_Token"

// classifier maps Salesforce's errors to faults.
func classifier() call.Classifier { return call.Classifier{Address: loginURL, Errors: knownErrors()} }
