package sandbox

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const maxRequestSize = 8 << 20 // larger than any request of a client

// Call is one request to a stand-in.
type Call struct {
	Request *http.Request
	// Body is the whole request body. It is read first, so that a client whose request is rejected gets the response
	// instead of a connection reset.
	Body []byte
	// Site is the name of the site that was called; empty for the first.
	Site string
	// Operation is the protocol's operation; empty if the request does not name one.
	Operation string
	// Conn is the connection of the request.
	Conn *Conn

	host   *Host
	record *Request
}

// Conn is one TCP connection. Requests of one connection are served one after another, so State needs no lock.
type Conn struct {
	// State is for protocols that authenticate connections instead of requests. It keeps data between requests.
	State any
}

// Token returns the token of the Authorization header if its scheme is one of schemes; else an empty string.
func (c *Call) Token(schemes ...string) string {
	used, token, _ := strings.Cut(c.Request.Header.Get("Authorization"), " ")
	if slices.ContainsFunc(schemes, func(scheme string) bool { return strings.EqualFold(scheme, used) }) {
		return token
	}
	return ""
}

// Form reads the body as a form. It ignores the query: secrets must not be in a URL.
func (c *Call) Form() (url.Values, error) { return url.ParseQuery(string(c.Body)) }

// Client returns the id and the secret of an OAuth client: from the Authorization header, where both are form-encoded
// (RFC 6749, 2.3.1), or from the form.
func (c *Call) Client(form url.Values) (id, secret string) {
	id, secret, ok := c.Request.BasicAuth()
	if !ok {
		return form.Get("client_id"), form.Get("client_secret")
	}
	return unescape(id), unescape(secret)
}

func unescape(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// RecordSignIn records a sign-in attempt.
func (c *Call) RecordSignIn(attempt SignIn) {
	attempt.Time = time.Now().UTC()
	c.host.recorder.signIn(c.record, attempt)
}

// SetUser records the signed-in user and the account whose data the call reads.
func (c *Call) SetUser(user, account string) {
	c.host.recorder.update(c.record, func(r *Request) { r.User, r.Account = user, account })
}

// Fault takes the first scripted fault of one of the kinds that matches this call. Stand-ins call it for the kinds that
// they add themselves, at the step of the protocol where these faults happen.
func (c *Call) Fault(kinds ...Kind) (Fault, bool) {
	fault, _, ok := c.host.script.next(func(f Fault) bool {
		return slices.Contains(kinds, f.Kind) && f.matches(c.Operation, c.record.Account)
	})
	return fault, ok
}

// serve handles a request: it reads and records it, returns a scripted fault or calls the system, applies the faults
// that change the response, and writes the response.
func (h *Host) serve(w http.ResponseWriter, r *http.Request, site string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequestSize))
	if err != nil {
		status := http.StatusBadRequest
		if large := new(http.MaxBytesError); errors.As(err, &large) {
			status = http.StatusRequestEntityTooLarge
		}
		w.WriteHeader(status)
		return
	}
	call := &Call{
		Request: r, Body: body, Site: site, Operation: h.system.Operation(r, body), Conn: connOf(r.Context()), host: h,
	}
	call.record = &Request{
		Time: time.Now().UTC(), Site: site, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
		Header: r.Header.Clone(), Body: body, Operation: call.Operation,
	}
	h.recorder.add(call.record)

	response, failed := call.failBefore()
	if !failed {
		response = call.failAfter(h.serveCall(call))
	}
	if !response.drop {
		h.recorder.issue(response.issued())
		h.recorder.update(call.record, func(r *Request) { r.Status = response.Status })
	}
	response.write(r.Context(), w)
}

// failBefore applies the faults that happen before the system is called.
func (c *Call) failBefore() (Response, bool) {
	for {
		fault, cleared, ok := c.host.script.next(func(f Fault) bool {
			return f.Kind.isBefore() && f.matches(c.Operation, "")
		})
		switch {
		case !ok:
			return Response{}, false
		case fault.Kind == KindClosed:
			return Response{drop: true}, true
		case fault.Kind == KindSlow:
			select {
			case <-cleared: // continue with the next fault, if there is one
			case <-c.Request.Context().Done():
				return Response{drop: true}, true
			}
		default:
			return fault.response(), true
		}
	}
}

// failAfter applies the faults that change the response of the system. It does not change a 401: the challenge of a
// handshake is one, and the fault is meant for the call itself.
func (c *Call) failAfter(response Response) Response {
	if response.Status == http.StatusUnauthorized {
		return response
	}
	fault, ok := c.Fault(KindTruncated, KindHuge, KindUnfinished)
	switch {
	case !ok:
	case fault.Kind == KindTruncated:
		response.cut = true
	case fault.Kind == KindUnfinished:
		response.cut, response.hold = true, true
	default:
		response.Body = padBody(response.Body)
	}
	return response
}
