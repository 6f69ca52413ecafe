package netsuite

import (
	_ "embed" // for the table of errors

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/errortable"
)

//go:embed errors.tsv
var errorRows string

// knownErrors are NetSuite's errors. Those of a rejected sign-in have two spellings: RESTlets' and web services'.
var knownErrors = errortable.Of(errorRows)

// Codes of a role that may not read a record.
const (
	insufficientPermission = "INSUFFICIENT_PERMISSION"
	userError              = "USER_ERROR"
)

// classifier maps NetSuite's errors to faults.
func classifier(address string) call.Classifier {
	return call.Classifier{Address: address, Errors: knownErrors()}
}
