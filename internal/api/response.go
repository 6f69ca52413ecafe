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

// decode reads an answer: a success into out, anything else into a *[Problem].
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
		return &UnreachableError{Method: in.method, URL: in.path, Err: fmt.Errorf("read the answer: %w", err)}
	}
	if len(body) > maxResponseSize {
		return fmt.Errorf("%s %s: the answer is larger than %d MiB", in.method, in.path, maxResponseSize>>20)
	}
	if err := json.Unmarshal(body, out); err != nil {
		return fmt.Errorf("%s %s: the answer is not what this version of the provider understands: %w", in.method, in.path, err)
	}
	return nil
}

// maxProblemSize bounds what is read of a problem, in bytes.
const maxProblemSize = 1 << 20

func decodeProblem(in call, base string, resp *http.Response) error {
	p := &Problem{}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxProblemSize)).Decode(p); err != nil || p.Type == "" {
		return notControlPlane(in, base, resp)
	}
	p.Status = resp.StatusCode // what a proxy made of the answer counts less than the answer itself
	if p.Title == "" {
		p.Title = http.StatusText(resp.StatusCode)
	}
	if p.RequestID == "" {
		p.RequestID = resp.Header.Get(headerRequestID)
	}
	if wait, _ := retryAfter(resp); wait > maxRetryAfter {
		p.Detail = strings.TrimSpace(p.Detail + " It asks to come back in " + wait.Round(time.Second).String() + ".")
	}
	return p
}

// notControlPlane tells that something else than a control plane answered. Nothing of its body is shown: such pages echo requests.
func notControlPlane(in call, base string, resp *http.Response) error {
	contentType := resp.Header.Get("Content-Type")
	if contentType == "" {
		contentType = "no content type"
	}
	return &Problem{
		Type: ProblemTypePrefix + ProblemNotControlPlane, Title: "The endpoint does not answer like a Riva control plane",
		Status: resp.StatusCode, RequestID: printable(resp.Header.Get(headerRequestID)),
		Detail: fmt.Sprintf("%s %s answered %d with %s. Check that the endpoint is the address of a control plane, "+
			"without /v1, and that no proxy or sign-in page stands in between.",
			in.method, base+in.path, resp.StatusCode, printable(contentType)),
	}
}

// printable caps what somebody else wrote and strips what would move the cursor.
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
