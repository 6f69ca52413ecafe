package sandbox

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// Kind names a way to fail. The kinds declared here work for every stand-in; a stand-in adds those of its protocol.
type Kind string

// The kinds every stand-in knows.
const (
	// KindClosed closes the connection without an answer.
	KindClosed Kind = "closed"
	// KindSlow holds the answer until the client gives up or the fault is cleared; then the call goes on as usual.
	KindSlow Kind = "slow"
	// KindMaintenance answers 503 with an HTML page, as a load balancer does while the system behind it is down.
	KindMaintenance Kind = "maintenance"
	// KindPage answers 200 with an HTML page instead of data, as a portal or a wrong address does.
	KindPage Kind = "page"
	// KindRedirect answers 302 to Fault.Location.
	KindRedirect Kind = "redirect"
	// KindStatus answers Fault.Status with an empty body.
	KindStatus Kind = "status"
	// KindTruncated announces the whole answer, sends half of it and closes the connection.
	KindTruncated Kind = "truncated"
	// KindHuge pads the answer to more than 4 MiB; it stays well-formed.
	KindHuge Kind = "huge"
)

// Fault is one way to fail, as data: the same from Go and from the control endpoint.
type Fault struct {
	Kind Kind `json:"kind"`
	// Code is the protocol's own code for the failure, for kinds that carry one.
	Code string `json:"code,omitempty"`
	// Message replaces the text the system would say.
	Message string `json:"message,omitempty"`
	// WaitMilliseconds is how long the system asks to wait, for kinds that carry it.
	WaitMilliseconds int64 `json:"wait_ms,omitempty"`
	// Status is the HTTP status of KindStatus.
	Status int `json:"status,omitempty"`
	// Location is where KindRedirect points.
	Location string `json:"location,omitempty"`
	// Operation limits the fault to calls of one operation of the protocol; empty means all.
	Operation string `json:"operation,omitempty"`
	// Account limits the fault to calls that act on one account's data; empty means all. It only fits kinds that
	// happen after the sign-in, since nobody knows the account before.
	Account string `json:"account,omitempty"`
}

// Closed is a connection closed without an answer.
func Closed() Fault { return Fault{Kind: KindClosed} }

// Slow is an answer that does not come until the fault is cleared.
func Slow() Fault { return Fault{Kind: KindSlow} }

// Maintenance is a 503 with an HTML page.
func Maintenance() Fault { return Fault{Kind: KindMaintenance} }

// Page is a 200 with an HTML page instead of data.
func Page() Fault { return Fault{Kind: KindPage} }

// Redirect is a 302 to location.
func Redirect(location string) Fault { return Fault{Kind: KindRedirect, Location: location} }

// Status is an empty answer with the HTTP status given.
func Status(status int) Fault { return Fault{Kind: KindStatus, Status: status} }

// Truncated is an answer that breaks off half-way.
func Truncated() Fault { return Fault{Kind: KindTruncated} }

// Huge is an answer of more than 4 MiB.
func Huge() Fault { return Fault{Kind: KindHuge} }

// ForOperation limits the fault to one operation of the protocol.
func (f Fault) ForOperation(operation string) Fault {
	f.Operation = operation
	return f
}

// ForAccount limits the fault to calls that act on one account's data.
func (f Fault) ForAccount(account string) Fault {
	f.Account = account
	return f
}

// Wait sets how long the system asks to wait.
func (f Fault) Wait(wait time.Duration) Fault {
	f.WaitMilliseconds = wait.Milliseconds()
	return f
}

// WithMessage replaces the text the system would say.
func (f Fault) WithMessage(message string) Fault {
	f.Message = message
	return f
}

// RetryAfter is how long the system asks to wait as the header Retry-After has it: in seconds, no shorter than the wait.
func (f Fault) RetryAfter() string { return strconv.FormatInt((f.WaitMilliseconds+999)/1000, 10) }

// isBefore tells the kinds that happen before the system behind looks at the call, its credentials included.
func (k Kind) isBefore() bool {
	switch k {
	case KindClosed, KindSlow, KindMaintenance, KindPage, KindRedirect, KindStatus:
		return true
	default:
		return false
	}
}

// isAfter tells the kinds that spoil an answer the system behind has given.
func (k Kind) isAfter() bool { return k == KindTruncated || k == KindHuge }

// check says what is wrong with a fault; own is how a system checks the kinds it adds.
func (f Fault) check(own func(Fault) error) error {
	switch {
	case !f.Kind.isBefore() && !f.Kind.isAfter():
		return own(f)
	case f.Kind.isBefore() && f.Account != "":
		return fmt.Errorf("fault %q happens before anybody knows the account, so it cannot be limited to one", f.Kind)
	case f.Kind == KindStatus:
		return f.NeedStatus(http.StatusOK)
	case f.Kind == KindRedirect && f.Location == "":
		return fmt.Errorf("fault %q needs a location", f.Kind)
	}
	return nil
}

// UnknownKindError refuses a fault whose kind is none of the system's.
func (f Fault) UnknownKindError() error { return fmt.Errorf("unknown kind of fault %q", f.Kind) }

// CheckCode refuses a fault whose code is not of the form that the system's codes have; they are what it needs.
func (f Fault) CheckCode(form *regexp.Regexp, codes string) error {
	if !form.MatchString(f.Code) {
		return fmt.Errorf("fault %q needs %s, not %q", f.Kind, codes, f.Code)
	}
	return nil
}

// CheckStatus refuses a fault with a status that is no error's; none is good.
func (f Fault) CheckStatus() error {
	if f.Status == 0 {
		return nil
	}
	return f.NeedStatus(http.StatusBadRequest)
}

// NeedStatus refuses a fault with no status from the one given to 599.
func (f Fault) NeedStatus(from int) error {
	if f.Status < from || f.Status > 599 {
		return fmt.Errorf("fault %q needs a status from %d to 599, not %d", f.Kind, from, f.Status)
	}
	return nil
}

// CheckNoAccount refuses a fault that is limited to an account although it happens before the sign-in.
func (f Fault) CheckNoAccount() error {
	if f.Account != "" {
		return fmt.Errorf("fault %q happens before the sign-in, so it cannot be limited to an account", f.Kind)
	}
	return nil
}

// response is what an early fault other than KindClosed and KindSlow says.
func (f Fault) response() Response {
	switch f.Kind {
	case KindMaintenance:
		a := HTML(http.StatusServiceUnavailable, "Service Unavailable",
			"<h2>Service Unavailable</h2><hr><p>HTTP Error 503. The service is unavailable.</p>")
		a.Header.Set("Retry-After", "120")
		return a
	case KindRedirect:
		a := HTML(http.StatusFound, "Document Moved", "<h1>Object Moved</h1>This document may be found elsewhere.")
		a.Header.Set("Location", f.Location)
		return a
	case KindPage:
		return HTML(http.StatusOK, "Sign in", `<div id="app">Welcome. Please sign in to continue.</div>`)
	default:
		return Response{Status: f.Status}
	}
}
