package sapc4c

import (
	"encoding/xml"
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// csrfTokenRequired is our word for an answer that misses a CSRF token, which only changes need.
const csrfTokenRequired = "X-CSRF-Token: Required"

func classifier() call.Classifier {
	return call.Classifier{Address: tenantURL, Codes: map[string]target.Code{csrfTokenRequired: target.Misconfigured}}
}

// faultOf is the fault of an answer; nil if it is a good one.
func (s *session) faultOf(r call.Response) *target.Fault {
	systemErr := parseError(r)
	fault := s.classifier.FaultOf(r, systemErr)
	// A page with the status 503 is a downtime, with or without a time for its end. If it is the service that names a wait,
	// it is there, and has had enough.
	if fault != nil && r.Status == http.StatusServiceUnavailable && fault.RetryAfter > 0 && (systemErr != nil || len(r.Body) == 0) {
		fault.Code = target.Throttled
	}
	return fault
}

// parseError finds what the service says about a failure: an error of OData, as JSON or, from before it knows the format that was
// asked for, as XML.
func parseError(r call.Response) *call.SystemError {
	if r.Status >= 200 && r.Status < 300 {
		return nil
	}
	if r.Status == http.StatusForbidden && strings.EqualFold(r.Header.Get("X-Csrf-Token"), "required") {
		return &call.SystemError{Code: csrfTokenRequired, Message: "The service misses a CSRF token."}
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

// systemError are the words of an error; nil if it has none.
func systemError(code, message string) *call.SystemError {
	if code == "" && message == "" {
		return nil
	}
	return &call.SystemError{Code: code, Message: message}
}
