package oraclecrmondemand

import (
	_ "embed" // for the table of errors
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/errortable"
)

//go:embed errors.tsv
var errorRows string

// knownErrors are Oracle's errors.
var knownErrors = errortable.Of(errorRows)

// lostSession is Oracle's code for a session that does not exist, and for failures of the layer that stores sessions.
const lostSession = "SBL-ODU-01006"

// classifier maps Oracle's codes to faults and, without a code, its texts, which are not translated for web services.
func classifier() call.Classifier { return call.Classifier{Address: serverURL, Errors: knownErrors()} }

// loginClassifier maps the errors of a login to faults. A session that is lost before it begins means that the company has too
// many.
func loginClassifier() call.Classifier {
	return call.Classifier{Address: serverURL, Errors: knownErrors().With(errortable.Row{
		Code: lostSession, Fault: target.Throttled, Meaning: "All sessions of the company are in use.",
		Help: "Let other programs log off: a company has ten sessions, unless Oracle allows more, and idle ones end after ten minutes.",
	})}
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

// securityPrefix begins the codes of faults about the security of a message.
const securityPrefix = "wsse:"

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
	if systemErr.Code == "" && strings.HasPrefix(fault.Code, securityPrefix) {
		systemErr.Code = fault.Code
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
