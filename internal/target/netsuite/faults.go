package netsuite

import (
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Codes of the REST web services.
const (
	insufficientPermission = "INSUFFICIENT_PERMISSION"
	userError              = "USER_ERROR"
	invalidParameter       = "INVALID_PARAMETER"
)

// classifier maps NetSuite's errors to faults. Those of a rejected sign-in have two spellings: RESTlets' and web services'.
// Usually NetSuite returns token_rejected and INVALID_LOGIN whatever the cause, and writes the cause to its Login Audit Trail
// only.
func classifier(address string) call.Classifier {
	key := func(code string, fault target.Code) call.ErrorPattern {
		return call.ErrorPattern{Code: code, Fault: fault, Field: consumerKey}
	}
	return call.Classifier{
		Address: address,
		Patterns: []call.ErrorPattern{
			// The feature or the permission REST Web Services is off; other user errors are about the request.
			{Code: userError, Contains: "permission", Fault: target.InsufficientPermission},
			{Contains: "concurrent request", Fault: target.Throttled},
			// NetSuite reports a table that the role may not view as one that does not exist.
			{Code: invalidParameter, Contains: "was not found", Fault: target.InsufficientPermission},
			key("consumer_key_unknown", target.GivenCredentials),
			key("consumer_key_refused", target.InsufficientPermission),
			{Code: "token_unknown", Fault: target.GivenCredentials, Field: tokenID},
		},
		Codes: codes(),
	}
}

func codes() map[string]target.Code {
	all := map[string]target.Code{}
	for fault, match := range map[target.Code][]string{
		target.GivenCredentials: {
			"INVALID_LOGIN", "INVALID_LOGIN_ATTEMPT", "INVALID_LOGIN_CREDENTIALS", "token_rejected", "TokenRejected",
			"signature_invalid", "InvalidSignature", "temporarily_locked", "EntityOrRoleDisabled",
		},
		target.InsufficientPermission: {insufficientPermission, "permission_denied"},
		target.Misconfigured: {
			"timestamp_refused", "InvalidTimestamp", "nonce_used", "NonceUsed", "nonce_rejected", "NonceRejected",
			"signature_method_rejected", "version_rejected", "MissingTokenPassportRequiredFields", "FeatureDisabled",
			userError, invalidParameter,
		},
		target.Throttled: {
			"REQUEST_LIMIT_EXCEEDED", "SSS_REQUEST_LIMIT_EXCEEDED", "CONCURRENCY_LIMIT_EXCEEDED", "WS_REQUEST_BLOCKED",
		},
		target.SystemNotAvailable: {"UNEXPECTED_ERROR"},
	} {
		for _, code := range match {
			all[code] = fault
		}
	}
	return all
}
