package ews

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Classifier maps the response codes of EWS to faults
// (https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode). The field has the address of EWS.
func Classifier(field string) call.Classifier {
	return call.Classifier{Address: field, Codes: codes()}
}

func codes() map[string]target.Code {
	groups := map[target.Code][]string{
		target.GivenCredentials: {"ErrorPasswordExpired", "ErrorPasswordChangeRequired", "ErrorAccountDisabled"},
		target.InsufficientPermission: {
			"ErrorImpersonateUserDenied", "ErrorImpersonationDenied", "ErrorImpersonationFailed", "ErrorAccessDenied",
			// Exchange returns these for an existing folder that a delegate may not see (in the EWS documentation, "Handling
			// delegation-related errors").
			"ErrorFolderNotFound", "ErrorItemNotFound",
		},
		target.Throttled: {
			errorServerBusy, "ErrorExceededConnectionCount", "ErrorExceededFindCountLimit",
			"ErrorExceededSubscriptionCount", "ErrorTooManyObjectsOpened",
		},
		target.SystemNotAvailable: {
			"ErrorADUnavailable", "ErrorADOperation", "ErrorConnectionFailed", "ErrorMailboxStoreUnavailable",
			"ErrorMailboxMoveInProgress", "ErrorMailboxFailover", "ErrorInternalServerTransientError",
			"ErrorInternalServerError", "ErrorNoApplicableProxyCASServersAvailable", "ErrorTimeoutExpired",
		},
		target.UserNotFound: {
			errorNonExistentMailbox, errorNonPrimaryAddress, errorNoResults, errorMultipleResults,
			"ErrorInvalidSmtpAddress", "ErrorInvalidUserPrincipalName", "ErrorInvalidUserSid",
		},
		target.Misconfigured: {
			errorMissingEmailAddress, "ErrorInvalidServerVersion", "ErrorSchemaValidation", "ErrorInvalidRequest",
			"ErrorWrongServerVersion", "ErrorInvalidExchangeImpersonationHeaderData",
		},
	}
	known := map[string]target.Code{}
	for code, group := range groups {
		for _, name := range group {
			known[name] = code
		}
	}
	return known
}

// The codes that decide more than the fault.
const (
	errorServerBusy          = "ErrorServerBusy"
	errorNonExistentMailbox  = "ErrorNonExistentMailbox"
	errorNonPrimaryAddress   = "ErrorNonPrimarySmtpAddress"
	errorNoResults           = "ErrorNameResolutionNoResults"
	errorMultipleResults     = "ErrorNameResolutionMultipleResults"
	errorMissingEmailAddress = "ErrorMissingEmailAddress"
)

// systemError finds the error of a response: in its SOAP fault, or in the first message that reports no success.
func (e *responseEnvelope) systemError(status int) *call.SystemError {
	if f := e.Body.Fault; f != nil {
		code := f.Code
		if code == "" {
			_, local, prefixed := strings.Cut(f.FaultCode, ":")
			if code = local; !prefixed {
				code = f.FaultCode
			}
		}
		if status == http.StatusServiceUnavailable && !strings.HasPrefix(code, "Error") {
			code = errorServerBusy // EWS itself responded, so it is running and throttles
		}
		return describe(code, first(f.Message, f.FaultString), f.Values)
	}
	for _, m := range e.Body.Response.messages() {
		if m.Class != "Success" {
			return describe(m.Code, m.Text, m.Values)
		}
	}
	return nil
}

// describe adds the details to a code. The inner error is the actual one
// (https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange).
func describe(code, text string, values []value) *call.SystemError {
	systemErr := &call.SystemError{Code: code, Message: text}
	for _, v := range values {
		switch v.Name {
		case "BackOffMilliseconds":
			if ms, err := strconv.ParseInt(strings.TrimSpace(v.Text), 10, 32); err == nil && ms > 0 {
				systemErr.RetryAfter = time.Duration(ms) * time.Millisecond
			}
		case "InnerErrorResponseCode":
			if inner := strings.TrimSpace(v.Text); inner != "" && inner != "NoError" {
				systemErr.Code = inner
			}
		}
	}
	return systemErr
}

func first(texts ...string) string {
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			return text
		}
	}
	return ""
}
