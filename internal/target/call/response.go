package call

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// maxRetryAfter limits the wait that a system requests.
const maxRetryAfter = 24 * time.Hour

// Response is a system's response to one call.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
	// URL is the address of the response, after redirects.
	URL *url.URL
}

// Send sends a call and reads the response, whatever its status. An error means that there is no response: see
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

// SendJSON sends a call and decodes the response, in JSON. ParseError finds the system error in a response, as for
// [Classifier.FaultOf]. The error is a *[target.Fault]; if there is a response, it is returned with the error.
func (c Classifier) SendJSON(
	client *http.Client, req *http.Request, parseError func(Response) *SystemError, into any,
) (Response, error) {
	response, err := Send(client, req)
	if err != nil {
		return Response{}, c.Unreachable(err)
	}
	return response, c.ReadJSON(response, parseError, into)
}

// ReadJSON decodes a response in JSON, as [Classifier.SendJSON] does.
func (c Classifier) ReadJSON(response Response, parseError func(Response) *SystemError, into any) error {
	if fault := c.FaultOf(response, parseError(response)); fault != nil {
		return fault
	}
	if err := DecodeJSON(response.Body, into); err != nil {
		return c.UnreadableResponse(response, err)
	}
	return nil
}

// IsSuccess reports whether the status is one of success.
func (r Response) IsSuccess() bool { return r.Status >= 200 && r.Status < 300 }

// describe returns a sentence about the response, with what it says if it is a page, text, or data of a gateway.
func (r Response) describe() target.Text {
	returned, page, isText := r.returned(), r.IsPage(), r.isText()
	switch title := r.title(); {
	case r.isEmpty():
		return target.Say("%s with an empty response.", returned)
	case page && title != "":
		return target.Say("%s with the web page %q instead of data.", returned, target.Markup(title))
	case page && r.excerpt().IsSilent():
		return target.Say("%s with a web page instead of data.", returned)
	case page:
		return target.Say("%s with a web page instead of data: %q.", returned, r.excerpt())
	case isText && !r.excerpt().IsSilent():
		return target.Say("%s: %q.", returned, r.excerpt())
	case !isText && !r.dataExcerpt().IsSilent():
		return target.Say("%s: %q.", returned, r.dataExcerpt())
	}
	return target.Say("%s.", returned)
}

// returned begins a sentence about the response: which host returned which status.
func (r Response) returned() target.Text {
	status := target.Own(strings.TrimSpace(fmt.Sprintf("HTTP %d %s", r.Status, http.StatusText(r.Status))))
	if r.URL == nil || r.URL.Host == "" {
		return target.Say("The system returned %s", status)
	}
	return target.Say("%s returned %s", r.URL.Host, status)
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

// FindText returns the first match of a pattern in the body of a response. It ends with an ellipsis if the text continues on its
// line: then what is left of a secret at its end is not shown.
func FindText(pattern *regexp.Regexp, body []byte) string {
	found := pattern.FindIndex(body)
	switch {
	case found == nil:
		return ""
	case found[1] < len(body) && !bytes.ContainsAny(body[found[1]:found[1]+1], "<\r\n"):
		return string(body[found[0]:found[1]]) + "…"
	}
	return string(body[found[0]:found[1]])
}
