package oraclecrmondemand

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// lostSession is Oracle's code for a session that does not exist, and for failures of the layer that stores sessions.
const lostSession = "SBL-ODU-01006"

// badLogin is a part of Oracle's message about a wrong password, in English.
const badLogin = "caps lock"

// classifier maps Oracle's codes to faults and, without a code, its texts, which are not translated for web services.
func classifier() call.Classifier {
	return call.Classifier{
		Address: serverURL,
		Codes: map[string]target.Code{
			"SBL-DAT-00553": target.InsufficientPermission, // access denied
			"SBL-ODU-01011": target.InsufficientPermission, // the role has no access to the record type
			"SBL-SBL-70172": target.Throttled,              // the allotment of operations
			"SBL-ODU-01005": target.Throttled,              // the rate of requests
			lostSession:     target.SystemNotAvailable,
			"SBL-ODU-01007": target.Misconfigured, // the header SOAPAction
		},
		Patterns: []call.ErrorPattern{
			{Contains: "maximum rate of requests was exceeded", Fault: target.Throttled},
			{Contains: "allotment", Fault: target.Throttled},
			{Contains: "session is not available", Fault: target.SystemNotAvailable},
			{Contains: "security token could not be authenticated", Fault: target.GivenCredentials},
			{Contains: "missing user name in security token", Fault: target.Misconfigured},
			{Contains: "missing password value", Fault: target.Misconfigured},
			{Contains: "missing <wsse:security>", Fault: target.Misconfigured},
			{Contains: "policy requires", Fault: target.Misconfigured},
			{Contains: "stateless", Fault: target.Misconfigured},
			{Contains: "soapaction", Fault: target.Misconfigured},
			{Contains: "access denied", Fault: target.InsufficientPermission},
		},
	}
}

// loginClassifier maps the errors of a login to faults. There is no session to lose then: there are too many sessions, or the
// password is wrong, for which Oracle has only texts.
func loginClassifier() call.Classifier {
	known := classifier()
	known.Codes[lostSession] = target.Throttled
	for _, text := range []string{badLogin, "unknown user", "sign in id or password"} {
		known.Patterns = append(known.Patterns, call.ErrorPattern{Contains: text, Fault: target.GivenCredentials})
	}
	return known
}

// soapFault is a SOAP fault, with the two forms of detail that Oracle has.
type soapFault struct {
	Code   string `xml:"faultcode"`
	Text   string `xml:"faultstring"`
	Detail struct {
		Code   string `xml:"ErrorCode"`
		Text   string `xml:"ErrorMessage"`
		Errors []struct {
			Code string `xml:"errorcode"`
			Text string `xml:"errormsg"`
		} `xml:"siebdetail>errorstack>error"`
	} `xml:"detail"`
}

// codePattern matches Oracle's codes.
var codePattern = regexp.MustCompile(`SBL-[A-Z]{2,4}-\d{5}`)

// waitPattern matches the wait that Oracle requests if calls are too fast.
var waitPattern = regexp.MustCompile(`try again in (\d{1,9}) ?ms`)

// faultOf returns the fault of a response; nil if it is a success. A SOAP fault is a failure, whatever the status.
func faultOf(known call.Classifier, r call.Response, systemErr *call.SystemError) *target.Fault {
	if systemErr != nil && r.Status < http.StatusBadRequest {
		r.Status = http.StatusInternalServerError
	}
	return known.FaultOf(r, systemErr)
}

// parseError finds the SOAP fault of a response; nil if the response has no fault. The decoder finds the errors of other
// responses.
func parseError(r call.Response) *call.SystemError {
	var read struct {
		Fault *soapFault `xml:"Body>Fault"`
	}
	if err := call.DecodeXML(r.Body, &read); err == nil && read.Fault != nil {
		return read.Fault.systemError()
	}
	return nil
}

// systemError returns the first code and the first text of a fault, wherever they are.
func (fault soapFault) systemError() *call.SystemError {
	most := 3 + len(fault.Detail.Errors)
	codes, texts := make([]string, 0, most), make([]string, 0, most)
	codes, texts = append(codes, fault.Detail.Code), append(texts, fault.Detail.Text)
	for _, e := range fault.Detail.Errors {
		codes, texts = append(codes, e.Code), append(texts, e.Text)
	}
	codes, texts = append(codes, fault.Text), append(texts, fault.Text, fault.Code)
	systemErr := &call.SystemError{}
	for _, text := range append(codes, texts...) {
		if systemErr.Code == "" {
			systemErr.Code = codePattern.FindString(call.Start(text))
		}
	}
	for _, text := range texts {
		if systemErr.Message == "" {
			systemErr.Message = strings.TrimSpace(text)
		}
	}
	if found := waitPattern.FindStringSubmatch(call.Start(systemErr.Message)); found != nil {
		if milliseconds, err := strconv.ParseInt(found[1], 10, 64); err == nil {
			systemErr.RetryAfter = time.Duration(milliseconds) * time.Millisecond
		}
	}
	return systemErr
}
