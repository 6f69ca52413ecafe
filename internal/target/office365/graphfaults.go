package office365

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Codes that decide more than the fault.
const (
	invalidToken      = "InvalidAuthenticationToken"
	resourceNotFound  = "Request_ResourceNotFound"
	insufficientClaim = "insufficient_claims"
	bandwidthLimit    = "509"
)

// graphClassifier maps Graph's errors to faults. The first codes of each group are those of
// https://learn.microsoft.com/graph/errors; the others come from the directory and from Exchange behind Graph, and are known
// from Microsoft's pages about these errors and from public clients.
func graphClassifier() call.Classifier {
	groups := map[target.Code][]string{
		target.GivenCredentials: {"unauthenticated", invalidToken, insufficientClaim},
		target.InsufficientPermission: {
			"accessDenied", "accessRestricted", "notAllowed", "extensionError",
			"Authorization_RequestDenied", "Authorization_IdentityNotFound", "ErrorAccessDenied",
			// Only folders that every mailbox has are read: a missing one is not shared.
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
	c := call.Classifier{Address: graphURL, AccessTokens: true, Codes: map[string]target.Code{}, Patterns: []call.ErrorPattern{
		// The same code as for an expired token; only the text differs.
		{Code: invalidToken, Contains: "audience", Fault: target.Misconfigured, Field: graphURL},
		{Code: "ResourceNotFound", Fault: target.UserNotFound},
		{Code: "OrganizationFromTenantGuidNotFound", Fault: target.UserNotFound}, // the tenant has no Exchange Online
	}}
	for fault, codes := range groups {
		for _, code := range codes {
			c.Codes[code] = fault
		}
	}
	return c
}

// graphErrorBody is an error, which can contain a more specific one; both spellings of the name occur.
type graphErrorBody struct {
	Code    string          `json:"code"`
	Message string          `json:"message"`
	Inner   json.RawMessage `json:"innerError"` // in any letter case
}

// parseGraphError finds the system error of a response, with the most specific known code, as Microsoft recommends.
func parseGraphError(r call.Response) *call.SystemError {
	if r.IsSuccess() {
		return nil
	}
	if r.Status == 509 { // Bandwidth Limit Exceeded, which is not a standard status
		return &call.SystemError{Code: bandwidthLimit, Message: "Bandwidth limit exceeded"}
	}
	var body struct {
		Error *graphErrorBody `json:"error"`
	}
	if err := call.DecodeJSON(r.Body, &body); err != nil || body.Error == nil || body.Error.Code == "" {
		return nil //nolint:nilerr // the status decides then
	}
	if isClaimsChallenge(r.Header) {
		return &call.SystemError{Code: insufficientClaim, Message: body.Error.Message}
	}
	systemErr := &call.SystemError{Code: body.Error.Code, Message: body.Error.Message}
	known := graphClassifier().Codes
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

// isClaimsChallenge reports whether Conditional Access requires a new sign-in (continuous access evaluation), by a header
// (https://learn.microsoft.com/entra/identity-platform/app-resilience-continuous-access-evaluation).
func isClaimsChallenge(h http.Header) bool {
	for _, challenge := range h.Values("WWW-Authenticate") {
		if strings.Contains(challenge, insufficientClaim) {
			return true
		}
	}
	return false
}
