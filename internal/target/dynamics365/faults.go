package dynamics365

import (
	"errors"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Codes whose fault depends on the request too.
const (
	notMember  = "0x80072560" // not a user of this environment
	disabled   = "0x80040225"
	unlicensed = "0x8004d24b"
	noRecord   = "0x80040217"
)

// apiClassifier maps the errors of the Web API to faults (reference/web-service-error-codes; api-limits for the throttling ones).
// The codes of disabled and unlicensed users are known from public clients.
func apiClassifier() call.Classifier {
	return call.Classifier{
		AccessTokens: true,
		Address:      address,
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

// codeOf returns the environment's own code for a fault; empty if it returned none.
func codeOf(fault *target.Fault) string {
	if systemErr, ok := errors.AsType[*call.SystemError](fault); ok {
		return strings.ToLower(systemErr.Code)
	}
	return ""
}
