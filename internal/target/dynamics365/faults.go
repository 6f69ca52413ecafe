package dynamics365

import (
	"errors"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Codes that are decided on by what was asked as well.
const (
	notMember  = "0x80072560" // nobody of this environment
	disabled   = "0x80040225"
	unlicensed = "0x8004d24b"
	noRecord   = "0x80040217"
)

// apiClassifier knows the errors of the Web API (reference/web-service-error-codes; api-limits for the throttling ones). The codes of
// disabled and unlicensed users are those that public clients know them by.
func apiClassifier() call.Classifier {
	return call.Classifier{
		Address: address,
		Codes: map[string]target.Code{
			notMember:    target.InsufficientPermission,
			"0x80040220": target.InsufficientPermission, // a privilege is missing
			"0x80048306": target.InsufficientPermission, // no access to the object
			disabled:     target.GivenCredentials,
			unlicensed:   target.InsufficientPermission,
			"0x80072322": target.Throttled, // number of requests
			"0x80072321": target.Throttled, // execution time
			"0x80072326": target.Throttled, // concurrent requests
			"0x80044150": target.SystemNotAvailable,
			"0x80044151": target.SystemNotAvailable, // the database took too long
			noRecord:     target.Misconfigured,
		},
	}
}

// codeOf is the environment's own code for a fault; empty if it gave none.
func codeOf(fault *target.Fault) string {
	if systemErr, ok := errors.AsType[*call.SystemError](fault); ok {
		return systemErr.Code
	}
	return ""
}
