package target

import (
	"fmt"
	"html"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// longestWait bounds the wait that a system asks for.
const longestWait = 24 * time.Hour

// Answer is what a system answered to one call.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	// URL is where the answer came from, after redirects.
	URL *url.URL
}

// Send sends a call and reads the answer, whatever its status. An error means that there is none: see
// [Classifier.Unreachable].
func Send(client *http.Client, req *http.Request) (Answer, error) {
	resp, err := client.Do(req)
	if err != nil {
		return Answer{}, err
	}
	body, err := ReadAnswer(resp)
	if err != nil {
		return Answer{}, err
	}
	return Answer{Status: resp.StatusCode, Header: resp.Header, Body: body, URL: resp.Request.URL}, nil
}

// AskJSON sends a call and reads its answer, in JSON. Words finds what an answer says about a failure, as for
// [Classifier.Failure]. The error is a *[Fault]; an answer that there is comes with it.
func (c Classifier) AskJSON(client *http.Client, req *http.Request, words func(Answer) *Words, into any) (Answer, error) {
	answer, err := Send(client, req)
	if err != nil {
		return Answer{}, c.Unreachable(err)
	}
	if fault := c.Failure(answer, words(answer)); fault != nil {
		return answer, fault
	}
	if err := DecodeJSON(answer.Body, into); err != nil {
		return answer, c.Unreadable(answer, err)
	}
	return answer, nil
}

// describe tells what was answered in a sentence.
func (a Answer) describe() string {
	status := strings.TrimSpace(fmt.Sprintf("HTTP %d %s", a.Status, http.StatusText(a.Status)))
	host := "The system"
	if a.URL != nil && a.URL.Host != "" {
		host = a.URL.Host
	}
	if !a.isPage() {
		return host + " answered " + status + "."
	}
	if title := a.title(); title != "" {
		return fmt.Sprintf("%s answered %s with the web page %q instead of data.", host, status, title)
	}
	return host + " answered " + status + " with a web page instead of data."
}

// isPage tells pages for people from data.
func (a Answer) isPage() bool {
	if kind, _, err := mime.ParseMediaType(a.Header.Get("Content-Type")); err == nil && kind == "text/html" {
		return true
	}
	start := strings.ToLower(strings.TrimSpace(string(a.Body[:min(len(a.Body), 256)])))
	return strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
}

var pageTitle = regexp.MustCompile(`(?is)<title[^>]*>(.{1,200}?)</title>`)

func (a Answer) title() string {
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
		wait = time.Duration(min(seconds, int64(longestWait/time.Second))) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), longestWait)
}
