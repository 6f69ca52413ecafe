package sandbox

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

const maxRequestSize = 8 << 20 // no client of a stand-in sends more

// Call is one request on its way through a stand-in.
type Call struct {
	Request *http.Request
	// Body is the whole request body, already read: a client that is refused half-way sees the answer, not a reset.
	Body []byte
	// Site is the name of the site that was called; empty for the first.
	Site string
	// Operation is the protocol's operation, if the request told.
	Operation string
	// Conn is the connection the request came on.
	Conn *Conn

	host   *Host
	record *Request
}

// Conn is one TCP connection. Requests of one connection are served one after another, so State needs no lock.
type Conn struct {
	// State is what a protocol that signs in connections rather than requests remembers between requests.
	State any
}

// Token is the one that the Authorization header has for one of the schemes; empty if it has none.
func (c *Call) Token(schemes ...string) string {
	named, token, _ := strings.Cut(c.Request.Header.Get("Authorization"), " ")
	if slices.ContainsFunc(schemes, func(scheme string) bool { return strings.EqualFold(scheme, named) }) {
		return token
	}
	return ""
}

// RecordSignIn records an attempt to sign in.
func (c *Call) RecordSignIn(attempt SignIn) {
	attempt.Time = time.Now().UTC()
	c.host.recorder.signIn(c.record, attempt)
}

// SetUser records who is signed in and whose data the call acts on.
func (c *Call) SetUser(user, account string) {
	c.host.recorder.change(c.record, func(r *Request) { r.User, r.Account = user, account })
}

// Fault takes the first scripted fault of one of the kinds that is meant for this call. Stand-ins ask for the kinds
// they add themselves, at the point of the protocol where these happen.
func (c *Call) Fault(kinds ...Kind) (Fault, bool) {
	fault, _, ok := c.host.script.next(func(f Fault) bool {
		return slices.Contains(kinds, f.Kind) && f.matches(c.Operation, c.record.Account)
	})
	return fault, ok
}

// serve is the way of every request: read, record, fail early or ask the system, spoil the answer, write.
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
	h.recorder.open(call.record)

	answer, failed := call.failBefore()
	if !failed {
		answer = call.failAfter(h.serveCall(call))
	}
	if !answer.drop {
		h.recorder.change(call.record, func(r *Request) { r.Status = answer.Status })
	}
	answer.write(w)
}

// failBefore performs the faults that need nothing of the system behind.
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
			case <-cleared: // and on with the next fault, if there is one
			case <-c.Request.Context().Done():
				return Response{drop: true}, true
			}
		default:
			return fault.response(), true
		}
	}
}

// failAfter performs the faults that need an answer. A refused sign-in is left alone: a handshake's challenge is one, and
// the fault is meant for the call.
func (c *Call) failAfter(answer Response) Response {
	if answer.Status == http.StatusUnauthorized {
		return answer
	}
	fault, ok := c.Fault(KindTruncated, KindHuge)
	switch {
	case !ok:
	case fault.Kind == KindTruncated:
		answer.cut = true
	default:
		answer.Body = padBody(answer.Body)
	}
	return answer
}
