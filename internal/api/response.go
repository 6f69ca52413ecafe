package api

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode"
)

// decode decodes a response: a success into out, anything else into a *[Problem].
func decode(in call, base string, resp *http.Response, out any) error {
	mediaType, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	success := resp.StatusCode >= 200 && resp.StatusCode < 300
	switch {
	case success && (out == nil || resp.StatusCode == http.StatusNoContent):
		return nil
	case success && mediaType == "application/json":
		return decodeSuccess(in, resp, out)
	case !success && mediaType == "application/problem+json":
		return decodeProblem(in, base, resp)
	}
	return notControlPlane(in, base, resp)
}

func decodeSuccess(in call, resp *http.Response, out any) error {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxResponseSize+1))
	if err != nil {
		return &UnreachableError{Method: in.method, URL: in.path, Err: fmt.Errorf("read the response: %w", err)}
	}
	if len(body) > maxResponseSize {
		return fmt.Errorf("%s %s: the response is larger than %d MiB", in.method, in.path, maxResponseSize>>20)
	}
	if err := json.Unmarshal(body, out); err != nil {
		return fmt.Errorf("%s %s: this version of the provider cannot read the response: %w", in.method, in.path, err)
	}
	return nil
}

// maxProblemSize is the largest problem that is read, in bytes.
const maxProblemSize = 1 << 20

func decodeProblem(in call, base string, resp *http.Response) error {
	p := &Problem{}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxProblemSize)).Decode(p); err != nil || p.Type == "" {
		return notControlPlane(in, base, resp)
	}
	p.Status = resp.StatusCode // the status of the response counts, not the one in the body
	if p.Title == "" {
		p.Title = http.StatusText(resp.StatusCode)
	}
	if p.RequestID == "" {
		p.RequestID = resp.Header.Get(headerRequestID)
	}
	if wait, _ := retryAfter(resp); wait > maxRetryAfter {
		p.Detail = strings.TrimSpace(p.Detail + " The control plane asked to retry in " + wait.Round(time.Second).String() + ".")
	}
	return p
}

// notControlPlane is the problem for a response that did not come from a control plane. It does not show the body, because
// such pages can repeat the request.
func notControlPlane(in call, base string, resp *http.Response) error {
	contentType := resp.Header.Get("Content-Type")
	if contentType == "" {
		contentType = "no content type"
	}
	return &Problem{
		Type: ProblemTypePrefix + ProblemNotControlPlane, Title: "The endpoint is not a Riva control plane",
		Status: resp.StatusCode, RequestID: printable(resp.Header.Get(headerRequestID)),
		Detail: fmt.Sprintf("%s %s returned %d with %s. Check that the endpoint is the address of a control plane, "+
			"without /v1, and that there is no proxy or sign-in page in between.",
			in.method, base+in.path, resp.StatusCode, printable(contentType)),
	}
}

// printable limits the length of a foreign text and removes control characters.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, s)
	if runes := []rune(s); len(runes) > 100 {
		return string(runes[:100]) + "…"
	}
	return s
}
