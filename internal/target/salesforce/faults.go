package salesforce

import (
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// badToken is the identity services' error for a token that is no longer valid.
const badToken = "Bad_OAuth_Token"

const (
	invalidGrant  = "invalid_grant"
	invalidClient = "invalid_client"
)

// tokenClassifier maps the errors of the token endpoint to faults (Salesforce help, "OAuth authorization flow errors"). Most
// causes share the error invalid_grant, so its description decides; an unknown description counts as rejected credentials,
// which is what invalid_grant means (RFC 6749, 5.2).
func tokenClassifier() call.Classifier {
	grant := func(text string, fault target.Code, field string) call.ErrorPattern {
		return call.ErrorPattern{Code: invalidGrant, Contains: text, Fault: fault, Field: field}
	}
	app := func(code string) call.ErrorPattern {
		return call.ErrorPattern{Code: code, Fault: target.Misconfigured, Field: clientID}
	}
	return call.Classifier{
		Address: loginURL,
		Patterns: []call.ErrorPattern{
			grant("ip restricted", target.InsufficientPermission, ""),
			grant("invalid login hours", target.InsufficientPermission, ""),
			grant("hasn't approved", target.InsufficientPermission, ""),
			grant("not admin approved", target.InsufficientPermission, ""),
			grant("login rate exceeded", target.Throttled, ""),
			grant("not supported on this domain", target.Misconfigured, loginURL),
			grant("audience", target.Misconfigured, loginURL),
			grant("no client credentials user", target.Misconfigured, clientID),
			grant("client credentials flow not enabled", target.Misconfigured, clientID),
			grant("not installed", target.Misconfigured, clientID),
			{Code: "invalid_client_id", Fault: target.GivenCredentials, Field: clientID, Uncertain: true},
			grant("inactive user", target.GivenCredentials, username),
			grant("expired access/refresh token", target.GivenCredentials, ""),
			{Code: invalidGrant, Fault: target.GivenCredentials, Uncertain: true},
			app("app_not_found"),
			app("OAUTH_EC_APP_NOT_FOUND"),
			app("unauthorized_client"),
			app("unsupported_grant_type"),
			app("redirect_uri_mismatch"),
			app("invalid_scope"),
		},
		Codes: map[string]target.Code{
			invalidClient:             target.GivenCredentials,
			"inactive_user":           target.GivenCredentials,
			"inactive_org":            target.SystemNotAvailable,
			"server_error":            target.SystemNotAvailable,
			"temporarily_unavailable": target.SystemNotAvailable,
			"unknown_error":           target.SystemNotAvailable,
			"rate_limit_exceeded":     target.Throttled,
			"invalid_app_access":      target.InsufficientPermission,
			"OAUTH_APP_ACCESS_DENIED": target.InsufficientPermission,
			"access_denied":           target.InsufficientPermission,
		},
	}
}

// apiClassifier maps the errors to faults: of the REST API (REST API developer guide, "Status codes and error responses";
// SOAP API developer guide, "ExceptionCode") and of the identity services (Salesforce help, "Identity URLs").
func apiClassifier() call.Classifier {
	return call.Classifier{
		Address: loginURL, AccessTokens: true,
		Patterns: []call.ErrorPattern{
			// Without the scope api, Salesforce reports a valid session as invalid.
			{Code: "INVALID_SESSION_ID", Contains: "not valid for use with", Fault: target.InsufficientPermission, Field: clientID},
			{Contains: "not attached to agent", Fault: target.InsufficientPermission, Field: clientID},
		},
		Codes: map[string]target.Code{
			"INVALID_SESSION_ID":              target.GivenCredentials,
			"INVALID_AUTH_HEADER":             target.GivenCredentials,
			badToken:                          target.GivenCredentials,
			"Missing_OAuth_Token":             target.GivenCredentials,
			"Inactive":                        target.GivenCredentials,
			"No_Access":                       target.InsufficientPermission,
			"HTTPS_Required":                  target.Misconfigured,
			"Wrong_Org":                       target.Misconfigured,
			"Bad_Id":                          target.Misconfigured,
			"API_DISABLED_FOR_ORG":            target.InsufficientPermission,
			"API_CURRENTLY_DISABLED":          target.InsufficientPermission,
			"INSUFFICIENT_ACCESS":             target.InsufficientPermission,
			"INSUFFICIENT_ACCESS_OR_READONLY": target.InsufficientPermission,
			// Salesforce reports an object or field without access as one that does not exist.
			"INVALID_TYPE":              target.InsufficientPermission,
			"INVALID_FIELD":             target.InsufficientPermission,
			"REQUEST_LIMIT_EXCEEDED":    target.Throttled,
			"SERVER_UNAVAILABLE":        target.SystemNotAvailable,
			"QUERY_TIMEOUT":             target.SystemNotAvailable,
			"ORG_LOCKED":                target.SystemNotAvailable,
			"INACTIVE_ORG":              target.SystemNotAvailable,
			"NOT_FOUND":                 target.Misconfigured,
			"UNSUPPORTED_API_VERSION":   target.Misconfigured,
			"FUNCTIONALITY_NOT_ENABLED": target.Misconfigured,
		},
	}
}
