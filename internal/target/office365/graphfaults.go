package office365

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Codes that more is done with than to know what they mean.
const (
	invalidToken      = "InvalidAuthenticationToken"
	resourceNotFound  = "Request_ResourceNotFound"
	insufficientClaim = "insufficient_claims"
	bandwidthLimit    = "509"
)

// graphFaults knows Graph's errors. The first codes of each group are those of https://learn.microsoft.com/graph/errors;
// the others are what the parts of Microsoft 365 behind Graph say, the directory and Exchange, as Microsoft's pages on
// these errors and public clients know them.
func graphFaults() call.Classifier {
	groups := map[target.Code][]string{
		target.GivenCredentials: {"unauthenticated", invalidToken, insufficientClaim},
		target.InsufficientPermission: {
			"accessDenied", "accessRestricted", "notAllowed", "extensionError",
			"Authorization_RequestDenied", "Authorization_IdentityNotFound", "ErrorAccessDenied",
			// Only folders that every mailbox has are asked for: one that is not there is one that is not shared.
			"ErrorItemNotFound", "ErrorFolderNotFound",
		},
		target.UserNotFound: {
			resourceNotFound, "ErrorInvalidUser", "ErrorNonExistentMailbox", "MailboxNotEnabledForRESTAPI",
			"MailboxNotSupportedForRESTAPI",
		},
		target.Throttled: {
			"activityLimitReached", "throttledRequest", bandwidthLimit, "ApplicationThrottled", "TooManyRequests", "ErrorServerBusy",
		},
		target.SystemNotAvailable: {
			"serviceNotAvailable", "generalException", "ServiceUnavailable", "UnknownError", "ErrorInternalServerError",
			"ErrorInternalServerTransientError", "ErrorMailboxMoveInProgress", "ErrorMailboxStoreUnavailable", "ErrorTimeoutExpired",
		},
	}
	c := call.Classifier{Address: graphURL, Codes: map[string]target.Code{}, Patterns: []call.ErrorPattern{
		// The same code as for a token that has ended; nothing else tells them apart.
		{Code: invalidToken, Contains: "audience", Fault: target.Misconfigured, Field: graphURL},
		// Also said of what is no user.
		{Code: "ResourceNotFound", Contains: "user", Fault: target.UserNotFound},
	}}
	for fault, codes := range groups {
		for _, code := range codes {
			c.Codes[code] = fault
		}
	}
	return c
}

// graphErrorBody is an error, which can hold a more specific one; both spellings of the name occur.
type graphErrorBody struct {
	Code    string          `json:"code"`
	Message string          `json:"message"`
	Inner   json.RawMessage `json:"innerError"` // in any letter case
}

// parseGraphError finds what an answer that is no success says: the most specific code that is known, as Microsoft advises.
func parseGraphError(r call.Response) *call.SystemError {
	if r.Status >= 200 && r.Status < 300 {
		return nil
	}
	if r.Status == 509 { // Bandwidth Limit Exceeded, which is no standard's
		return &call.SystemError{Code: bandwidthLimit, Message: "Bandwidth limit exceeded"}
	}
	var body struct {
		Error *graphErrorBody `json:"error"`
	}
	if err := call.DecodeJSON(r.Body, &body); err != nil || body.Error == nil || body.Error.Code == "" {
		return nil //nolint:nilerr // what it is then, the status tells
	}
	if isClaimsChallenge(r.Header) {
		return &call.SystemError{Code: insufficientClaim, Message: body.Error.Message}
	}
	systemErr := &call.SystemError{Code: body.Error.Code, Message: body.Error.Message}
	known := graphFaults().Codes
	for inner := body.Error.Inner; len(inner) > 0; {
		var deeper graphErrorBody
		if call.DecodeJSON(inner, &deeper) != nil {
			break
		}
		if _, ok := known[deeper.Code]; ok {
			systemErr.Code = deeper.Code
		}
		inner = deeper.Inner
	}
	return systemErr
}

// isClaimsChallenge tells whether Conditional Access demands a new sign-in (continuous access evaluation): a header says so
// (https://learn.microsoft.com/entra/identity-platform/app-resilience-continuous-access-evaluation).
func isClaimsChallenge(h http.Header) bool {
	for _, challenge := range h.Values("WWW-Authenticate") {
		if strings.Contains(challenge, insufficientClaim) {
			return true
		}
	}
	return false
}
