package api

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// decode decodes a response: a success into out, anything else into a *[Problem]. It scrubs the words of both.
func (c *Client) decode(in call, encoded *encodedCall, resp *http.Response, out any) error {
	mediaType, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	success := resp.StatusCode >= 200 && resp.StatusCode < 300
	switch {
	case success && (out == nil || resp.StatusCode == http.StatusNoContent):
		return nil
	case success && mediaType == "application/json":
		return decodeSuccess(in, encoded, resp, out)
	case !success && mediaType == "application/problem+json":
		return c.decodeProblem(in, encoded, resp)
	}
	return c.notControlPlane(in, encoded, resp)
}

func decodeSuccess(in call, encoded *encodedCall, resp *http.Response, out any) error {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxResponseSize+1))
	if err != nil {
		return &UnreachableError{Method: in.method, URL: in.path, Err: fmt.Errorf("read the response: %w", encoded.foreign().err(err))}
	}
	if len(body) > maxResponseSize {
		return fmt.Errorf("%s %s: the response is larger than %d MiB", in.method, in.path, maxResponseSize>>20)
	}
	if err := json.Unmarshal(body, out); err != nil {
		return fmt.Errorf("%s %s: this version of the provider cannot read the response: %w",
			in.method, in.path, encoded.foreign().err(err))
	}
	if words, ok := out.(wordy); ok {
		words.scrubWords(encoded.foreign())
	}
	return nil
}

// maxProblemSize is the largest problem that is read, in bytes.
const maxProblemSize = 1 << 20

func (c *Client) decodeProblem(in call, encoded *encodedCall, resp *http.Response) error {
	p := &Problem{}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxProblemSize)).Decode(p); err != nil || p.Type == "" {
		return c.notControlPlane(in, encoded, resp)
	}
	p.Status = resp.StatusCode // the status of the response counts, not the one in the body
	if p.RequestID == "" {
		p.RequestID = resp.Header.Get(headerRequestID)
	}
	p.scrubWords(encoded.foreign())
	if p.Title == "" {
		p.Title = http.StatusText(resp.StatusCode)
	}
	if wait, _ := retryAfter(resp); wait > maxRetryAfter {
		p.Detail = strings.TrimSpace(p.Detail + " The control plane asked to retry in " + wait.Round(time.Second).String() + ".")
	}
	return p
}

// notControlPlane is the problem for a response that did not come from a control plane. It does not show the body, because
// such pages can repeat the request.
func (c *Client) notControlPlane(in call, encoded *encodedCall, resp *http.Response) error {
	contentType, requestID := resp.Header.Get("Content-Type"), resp.Header.Get(headerRequestID)
	encoded.foreign().scrubNames(&contentType, &requestID)
	if contentType == "" {
		contentType = "no content type"
	}
	return &Problem{
		Type: ProblemTypePrefix + ProblemNotControlPlane, Title: "The endpoint is not a Riva control plane",
		Status: resp.StatusCode, RequestID: requestID,
		Detail: fmt.Sprintf("%s %s returned %d with %s. Check that the endpoint is the address of a control plane, "+
			"without /v1, and that there is no proxy or sign-in page in between.",
			in.method, c.base+in.path, resp.StatusCode, contentType),
	}
}
