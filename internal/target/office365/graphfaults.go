package office365

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/errortable"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/ews"
)

//go:embed errors.tsv
var errorRows string

// graphTable is the errors of Graph, and of the directory and Exchange behind it.
var graphTable = errortable.Of(errorRows)

// Codes that decide more than the fault.
const (
	invalidToken      = "InvalidAuthenticationToken"
	resourceNotFound  = "Request_ResourceNotFound"
	insufficientClaim = "insufficient_claims"
	bandwidthLimit    = "509"
)

// graphClassifier maps the errors of Graph to faults. Exchange behind it returns codes of EWS too; each call is for one mailbox,
// like one of EWS that impersonates its owner.
func graphClassifier(a target.Account) call.Classifier {
	names := map[string]string{ews.URLField: graphURL}
	if !signsInUser(a) {
		names[entra.RefreshToken] = "-"
	}
	behind := ews.UserErrors(ewsErrors(a))
	return call.Classifier{Address: graphURL, Errors: behind.With(graphTable().Rows()...).Rename(names)}
}

// isKnownCode reports whether a code of Graph, or of Exchange behind it, is in a table.
func isKnownCode(code string) bool { return graphTable().Knows(code) || ews.Errors().Knows(code) }

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
	for inner := body.Error.Inner; len(inner) > 0; {
		var deeper graphErrorBody
		if call.DecodeJSON(inner, &deeper) != nil {
			break
		}
		if isKnownCode(deeper.Code) {
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
