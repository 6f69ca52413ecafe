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
func (c Classifier) SendJSON(client *http.Client, req *http.Request, words func(Response) *SystemError, into any) (Response, error) {
	answer, err := Send(client, req)
	if err != nil {
		return Response{}, c.Unreachable(err)
	}
	if fault := c.FaultOf(answer, words(answer)); fault != nil {
		return answer, fault
	}
	if err := DecodeJSON(answer.Body, into); err != nil {
		return answer, c.UnreadableResponse(answer, err)
	}
	return answer, nil
}

// describe tells what was answered in a sentence.
func (a Response) describe() string {
	status := strings.TrimSpace(fmt.Sprintf("HTTP %d %s", a.Status, http.StatusText(a.Status)))
	host := "The system"
	if a.URL != nil && a.URL.Host != "" {
		host = a.URL.Host
	}
	if !a.isHTML() {
		return host + " answered " + status + "."
	}
	if title := a.title(); title != "" {
		return fmt.Sprintf("%s answered %s with the web page %q instead of data.", host, status, title)
	}
	return host + " answered " + status + " with a web page instead of data."
}

// isHTML tells pages for people from data.
func (a Response) isHTML() bool {
	if kind, _, err := mime.ParseMediaType(a.Header.Get("Content-Type")); err == nil && kind == "text/html" {
		return true
	}
	start := strings.ToLower(strings.TrimSpace(string(a.Body[:min(len(a.Body), 256)])))
	return strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
}

var pageTitle = regexp.MustCompile(`(?is)<title[^>]*>(.{1,200}?)</title>`)

func (a Response) title() string {
	if found := pageTitle.FindSubmatch(a.Body); found != nil {
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
func (c Classifier) match(words *SystemError) (ErrorPattern, bool) {
	text := strings.ToLower(words.Message)
	i := slices.IndexFunc(c.Patterns, func(s ErrorPattern) bool {
		return (s.Code == "" || s.Code == words.Code) && strings.Contains(text, s.Contains)
	})
	if i < 0 {
		known, ok := c.Codes[words.Code]
		return ErrorPattern{Fault: known}, ok
	}
	return c.Patterns[i], true
}

// FaultOf is the fault of an answer; nil if it is a good one. The words are nil if the system said nothing about a
// failure in its own protocol.
func (c Classifier) FaultOf(a Response, words *SystemError) *target.Fault {
	if words == nil && a.Status >= 200 && a.Status < 300 {
		if a.isHTML() {
			return c.UnusableResponse(a, "not data")
		}
		return nil
	}
	fault := &target.Fault{Code: statusCode(a.Status), Message: a.describe(), RetryAfter: retryAfter(a.Header, time.Now())}
	if words == nil {
		return fault
	}
	if known, ok := c.match(words); ok && a.Status != http.StatusTooManyRequests {
		fault.Code, fault.Field = known.Fault, known.Field
	}
	if words.RetryAfter > 0 {
		fault.RetryAfter = min(words.RetryAfter, maxRetryAfter)
	}
	fault.Message, fault.Cause = words.Error(), words
	return fault
}

// UnusableResponse is the fault of an answer that the system's protocol does not know. The reason completes the sentence "The
// answer is …".
func (c Classifier) UnusableResponse(a Response, reason string) *target.Fault {
	fault := &target.Fault{Code: target.Misconfigured, Field: c.Address}
	if code := statusCode(a.Status); code == target.SystemNotAvailable {
		fault = &target.Fault{Code: code, RetryAfter: retryAfter(a.Header, time.Now())}
	}
	fault.Message = a.describe()
	if !a.isHTML() {
		fault.Message += " The answer is " + reason + "."
	}
	return fault
}

// UnexpectedResponse is the fault of an answer that can be read, and lacks what was asked for. The message is a sentence.
func (c Classifier) UnexpectedResponse(message string) *target.Fault {
	return &target.Fault{Code: target.Misconfigured, Field: c.Address, Message: message}
}

// UnreadableResponse is the fault of an answer that could not be read, with the reader's error (see [DecodeJSON]).
func (c Classifier) UnreadableResponse(a Response, err error) *target.Fault {
	fault := c.UnusableResponse(a, err.Error())
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
