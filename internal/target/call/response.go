package call

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"html"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// maxRetryAfter bounds the wait that a system asks for.
const maxRetryAfter = 24 * time.Hour

// Response is what a system answered to one call.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
	// URL is where the answer came from, after redirects.
	URL *url.URL
}

// Send sends a call and reads the answer, whatever its status. An error means that there is none: see
// [Classifier.Unreachable].
func Send(client *http.Client, req *http.Request) (Response, error) {
	resp, err := client.Do(req)
	if err != nil {
		return Response{}, err
	}
	body, err := ReadResponse(resp)
	if err != nil {
		return Response{}, err
	}
	return Response{Status: resp.StatusCode, Header: resp.Header, Body: body, URL: resp.Request.URL}, nil
}

// SendJSON sends a call and reads its answer, in JSON. Words finds what an answer says about a failure, as for
// [Classifier.FaultOf]. The error is a *[Fault]; an answer that there is comes with it.
func (c Classifier) SendJSON(client *http.Client, req *http.Request, parseError func(Response) *SystemError, into any) (Response, error) {
	response, err := Send(client, req)
	if err != nil {
		return Response{}, c.Unreachable(err)
	}
	if fault := c.FaultOf(response, parseError(response)); fault != nil {
		return response, fault
	}
	if err := DecodeJSON(response.Body, into); err != nil {
		return response, c.UnreadableResponse(response, err)
	}
	return response, nil
}

// describe tells what was answered in a sentence.
func (r Response) describe() string {
	status := strings.TrimSpace(fmt.Sprintf("HTTP %d %s", r.Status, http.StatusText(r.Status)))
	host := "The system"
	if r.URL != nil && r.URL.Host != "" {
		host = r.URL.Host
	}
	if !r.isHTML() {
		return host + " answered " + status + "."
	}
	if title := r.title(); title != "" {
		return fmt.Sprintf("%s answered %s with the web page %q instead of data.", host, status, title)
	}
	return host + " answered " + status + " with a web page instead of data."
}

// isHTML tells pages for people from data.
func (r Response) isHTML() bool {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind == "text/html" {
		return true
	}
	start := strings.ToLower(strings.TrimSpace(string(r.Body[:min(len(r.Body), 256)])))
	return strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
}

var pageTitle = regexp.MustCompile(`(?is)<title[^>]*>(.{1,200}?)</title>`)

func (r Response) title() string {
	if found := pageTitle.FindSubmatch(r.Body); found != nil {
		return tidy(html.UnescapeString(string(found[1])))
	}
	return ""
}

// retryAfter reads the header in both of its forms: seconds and a date (RFC 9110, 10.2.3).
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	wait := time.Duration(0)
	if seconds, err := strconv.ParseInt(value, 10, 64); err == nil {
		wait = time.Duration(min(seconds, int64(maxRetryAfter/time.Second))) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), maxRetryAfter)
}

// Classifier decides which fault a failed call is. What all systems have in common is decided here, from the error of
// the transport or from the HTTP status; what a system says in its own codes comes from its package, as [SystemError] and
// Codes. The order is: a limit on calls, then a saying or a code that is known, then the status.
type Classifier struct {
	// Address names the field that says where the system is.
	Address string
	// Codes are the system's own codes that are known, and the fault that each one means.
	Codes map[string]target.Code
	// Patterns are known failures whose code says too little; they go before Codes, the first that fits.
	Patterns []ErrorPattern
}

// match is the first saying that fits.
func (c Classifier) match(systemErr *SystemError) (ErrorPattern, bool) {
	text := strings.ToLower(systemErr.Message)
	i := slices.IndexFunc(c.Patterns, func(s ErrorPattern) bool {
		return (s.Code == "" || s.Code == systemErr.Code) && strings.Contains(text, s.Contains)
	})
	if i < 0 {
		known, ok := c.Codes[systemErr.Code]
		return ErrorPattern{Fault: known}, ok
	}
	return c.Patterns[i], true
}

// FaultOf is the fault of an answer; nil if it is a good one. The words are nil if the system said nothing about a
// failure in its own protocol.
func (c Classifier) FaultOf(r Response, systemErr *SystemError) *target.Fault {
	if systemErr == nil && r.Status >= 200 && r.Status < 300 {
		if r.isHTML() {
			return c.UnusableResponse(r, "not data")
		}
		return nil
	}
	fault := &target.Fault{Code: statusCode(r.Status), Message: r.describe(), RetryAfter: retryAfter(r.Header, time.Now())}
	if systemErr == nil {
		return fault
	}
	if known, ok := c.match(systemErr); ok && r.Status != http.StatusTooManyRequests {
		fault.Code, fault.Field = known.Fault, known.Field
	}
	if systemErr.RetryAfter > 0 {
		fault.RetryAfter = min(systemErr.RetryAfter, maxRetryAfter)
	}
	fault.Message, fault.Cause = systemErr.Error(), systemErr
	return fault
}

// UnusableResponse is the fault of an answer that the system's protocol does not know. The reason completes the sentence "The
// answer is …".
func (c Classifier) UnusableResponse(r Response, reason string) *target.Fault {
	fault := &target.Fault{Code: target.Misconfigured, Field: c.Address}
	if code := statusCode(r.Status); code == target.SystemNotAvailable {
		fault = &target.Fault{Code: code, RetryAfter: retryAfter(r.Header, time.Now())}
	}
	fault.Message = r.describe()
	if !r.isHTML() {
		fault.Message += " The answer is " + reason + "."
	}
	return fault
}

// UnexpectedResponse is the fault of an answer that can be read, and lacks what was asked for. The message is a sentence.
func (c Classifier) UnexpectedResponse(message string) *target.Fault {
	return &target.Fault{Code: target.Misconfigured, Field: c.Address, Message: message}
}

// UnreadableResponse is the fault of an answer that could not be read, with the reader's error (see [DecodeJSON]).
func (c Classifier) UnreadableResponse(r Response, err error) *target.Fault {
	fault := c.UnusableResponse(r, err.Error())
	if errors.Is(err, ErrTruncated) {
		fault.Code, fault.Field = target.SystemNotAvailable, ""
	}
	return fault
}

// Unreachable is the fault of a call that got no answer.
func (c Classifier) Unreachable(err error) *target.Fault {
	fault := &target.Fault{Code: target.SystemNotAvailable, Cause: err}
	var (
		redirect *RedirectError
		large    *ResponseTooLargeError
	)
	switch {
	case c.describeCertificateError(fault, err):
	case errors.As(err, &redirect):
		fault.Code, fault.Field = target.Misconfigured, c.Address
		fault.Message = "The address redirects to " + redirect.To + ". Calls are not sent there; " +
			"if that is the right place, write it as " + c.Address + "."
	case errors.Is(err, errTooManyRedirects):
		fault.Code, fault.Field = target.Misconfigured, c.Address
		fault.Message = "The address " + errTooManyRedirects.Error() + "."
	case errors.As(err, &large):
		if statusCode(large.Status) != target.SystemNotAvailable {
			fault.Code, fault.Field = target.Misconfigured, c.Address
		}
		fault.Message = sentence(large.Error())
	case errors.Is(err, ErrAddress):
		fault.Code, fault.Field = target.Misconfigured, c.Address
		fault.Message = sentence(innermost(err).Error())
	default:
		fault.Message = describeUnreachable(err)
	}
	return fault
}

// describeCertificateError completes the fault if the error is about the certificate that the system presents.
func (c Classifier) describeCertificateError(fault *target.Fault, err error) bool {
	var (
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		failed  *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &unknown):
		fault.Field = target.CACertificate
		fault.Message = "The certificate of the server is signed by an authority that is not trusted."
	case errors.As(err, &name):
		fault.Field = c.Address
		fault.Message = "The certificate of the server is for another host: " + sentence(name.Error())
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		fault.Field = c.Address
		fault.Message = "The certificate of the server has expired or is not yet valid."
	case errors.As(err, &failed):
		fault.Field = c.Address
		fault.Message = "The certificate of the server is not valid: " + sentence(failed.Err.Error())
	default:
		return false
	}
	fault.Code = target.Misconfigured
	return true
}
