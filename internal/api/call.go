package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/google/uuid"
)

const (
	headerRequestID      = "X-Request-Id"
	headerIdempotencyKey = "Idempotency-Key"
	headerRunID          = "Riva-Run-Id"
	// maxResponseSize is the largest response that is read, in bytes.
	maxResponseSize = 64 << 20
)

// call is one logical call. It can be sent several times.
type call struct {
	method string
	path   string
	query  url.Values
	// body is sent as JSON unless it is nil.
	body any
	// revision is sent as If-Match unless it is zero.
	revision int64
	// noRetry is set for calls that must not be repeated.
	noRetry bool
	// changesNothing is set for calls that only read, although their method is not GET.
	changesNothing bool
}

// UnreachableError means that there was no response from the control plane. It unwraps to the cause, such as a canceled
// context.
type UnreachableError struct {
	Method string
	// URL is the address without its query. It is empty for a control plane in this process.
	URL string
	// Attempts is how often the request was sent.
	Attempts int
	// Err is the cause. Its own text is scrubbed.
	Err error
}

func (e *UnreachableError) Error() string {
	if e.URL == "" {
		return fmt.Sprintf("the embedded control plane did not respond: %v", e.Err)
	}
	if e.Attempts > 1 {
		return fmt.Sprintf("%s %s: no response after %d attempts: %v", e.Method, e.URL, e.Attempts, e.Err)
	}
	return fmt.Sprintf("%s %s: no response: %v", e.Method, e.URL, e.Err)
}

// Unwrap returns the cause.
func (e *UnreachableError) Unwrap() error { return e.Err }

// do sends a call and decodes its response into out, unless out is nil. Errors are *[Problem], *[UnreachableError] or
// *[OtherInstanceError].
func (c *Client) do(ctx context.Context, in call, out any) error {
	err := c.exchange(ctx, in, out)
	if in.method != http.MethodGet && !in.changesNothing {
		c.wrote() // also after an error: the control plane may have received the call
	}
	return err
}

func (c *Client) exchange(ctx context.Context, in call, out any) error {
	if err := in.checkPath(); err != nil {
		return err
	}
	if err := c.checkInstance(ctx, in); err != nil {
		return err
	}
	encoded, err := c.encode(in)
	if err != nil {
		return err
	}
	generation := 0
	if c.tokens != nil {
		generation = c.tokens.generation()
	}
	resp, err := c.send(ctx, in, encoded)
	if err == nil && resp.StatusCode == http.StatusUnauthorized && c.tokens != nil {
		refreshed, refreshErr := c.tokens.refresh(generation)
		if refreshErr != nil || refreshed {
			_ = resp.Body.Close() // the response is not used
		}
		switch {
		case refreshErr != nil:
			err = refreshErr
		case refreshed:
			resp, err = c.send(ctx, in, encoded)
		}
	}
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx) // it names the limit
		}
		return c.noResponse(in, encoded, err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read from
	return c.decode(in, encoded, resp, out)
}

// wrote deletes what was read before a write ended.
func (c *Client) wrote() {
	for _, m := range c.memories {
		m.forget()
	}
}

// noResponse is the error of a call without a response.
func (c *Client) noResponse(in call, encoded *encodedCall, err error) error {
	foreign := encoded.foreign()
	if p, ok := clientCredentialsProblem(err, foreign); ok {
		return p
	}
	unreachable := &UnreachableError{
		Method: in.method, URL: c.base + in.path, Attempts: int(encoded.attempts.Load()), Err: foreign.err(err),
	}
	if c.base == EmbeddedURL {
		unreachable.URL = ""
	}
	return unreachable
}

// checkPath returns an error if an id in the path changes the address: an empty id, a dot segment, or several segments.
func (in call) checkPath() error {
	if path.Clean(in.path) == in.path && !strings.Contains(in.path, "%2F") {
		return nil
	}
	return &Problem{
		Type: ProblemTypePrefix + ProblemInvalid, Title: "The request is not valid", Status: http.StatusUnprocessableEntity,
		Detail: "Invalid ID. Example: 0192f0c1-7c5e-7b1a-9a52-6f0e4f6a9d10.",
	}
}

// encodedCall has the parts of a call that are the same in every attempt.
type encodedCall struct {
	body     []byte
	header   http.Header
	attempts atomic.Int64
	// foreign returns what scrubs the words of the response. It is called when there are any.
	foreign func() foreign
}

func (c *Client) encode(in call) (*encodedCall, error) {
	p := &encodedCall{header: http.Header{
		"Accept": {"application/json, application/problem+json"},
	}}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, fmt.Errorf("create a request id: %w", err)
	}
	p.header.Set(headerRequestID, id.String())
	if c.agent != "" {
		p.header.Set("User-Agent", c.agent)
	}
	if c.run != "" {
		p.header.Set(headerRunID, c.run)
	}
	if in.method != http.MethodGet && !in.noRetry {
		key, err := uuid.NewRandom()
		if err != nil {
			return nil, fmt.Errorf("create an idempotency key: %w", err)
		}
		p.header.Set(headerIdempotencyKey, key.String())
	}
	if in.revision > 0 {
		p.header.Set("If-Match", strconv.Quote(strconv.FormatInt(in.revision, 10)))
	}
	if in.body != nil {
		p.header.Set("Content-Type", "application/json")
		if p.body, err = json.Marshal(in.body); err != nil {
			return nil, fmt.Errorf("encode the request %s %s: %w", in.method, in.path, err)
		}
	}
	p.foreign = func() foreign { return c.foreignTo(p.body) }
	return p, nil
}

func (c *Client) send(ctx context.Context, in call, p *encodedCall) (*http.Response, error) {
	address := c.base + in.path
	if len(in.query) > 0 {
		address += "?" + in.query.Encode()
	}
	var body io.Reader
	if p.body != nil {
		body = bytes.NewReader(p.body)
	}
	req, err := http.NewRequestWithContext(context.WithValue(ctx, encodedCallKey{}, p), in.method, address, body)
	if err != nil {
		return nil, err
	}
	req.Header = p.header.Clone()
	if in.noRetry {
		return c.nonRetrying.Do(req)
	}
	return c.retrying.Do(req)
}
