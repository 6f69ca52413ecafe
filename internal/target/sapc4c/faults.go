package sapc4c

import (
	_ "embed" // for the table of errors
	"encoding/xml"
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/errortable"
)

//go:embed errors.tsv
var errorRows string

// knownErrors are the errors that SAP documents; most have only a status.
var knownErrors = errortable.Of(errorRows)

// csrfTokenRequired is our code for a response that requires a CSRF token, which only changes need.
const csrfTokenRequired = "X-CSRF-Token: Required"

// classifier maps the service's errors to faults.
func classifier() call.Classifier {
	return call.Classifier{Address: tenantURL, Challenges: []string{"basic"}, Errors: knownErrors()}
}

// faultOf returns the fault of a response; nil if it is a success.
func (s *session) faultOf(r call.Response) *target.Fault {
	systemErr := parseError(r)
	fault := s.Classifier.FaultOf(r, systemErr)
	// A page with the status 503 means a downtime, with or without a time for its end. If the service itself requests a wait, it
	// is running and throttles.
	if fault != nil && r.Status == http.StatusServiceUnavailable && fault.RetryAfter > 0 && (systemErr != nil || len(r.Body) == 0) {
		fault.Code = target.Throttled
	}
	return fault
}

// parseError finds the system error of a response: an error of OData, as JSON or, if it occurs before the service has read the
// requested format, as XML.
func parseError(r call.Response) *call.SystemError {
	if r.IsSuccess() {
		return nil
	}
	if r.Status == http.StatusForbidden && strings.EqualFold(r.Header.Get("X-Csrf-Token"), "required") {
		return &call.SystemError{Code: csrfTokenRequired}
	}
	var inJSON struct {
		Error struct {
			Code    string `json:"code"`
			Message struct {
				Value string `json:"value"`
			} `json:"message"`
		} `json:"error"`
	}
	if err := call.DecodeJSON(r.Body, &inJSON); err == nil {
		return systemError(inJSON.Error.Code, inJSON.Error.Message.Value)
	}
	var inXML struct {
		XMLName xml.Name `xml:"error"`
		Code    string   `xml:"code"`
		Message string   `xml:"message"`
	}
	if err := call.DecodeXML(r.Body, &inXML); err == nil {
		return systemError(inXML.Code, inXML.Message)
	}
	return nil
}

// systemError makes a system error; nil if code and message are empty.
func systemError(code, message string) *call.SystemError {
	if code == "" && message == "" {
		return nil
	}
	return &call.SystemError{Code: code, Message: message}
}
