package sandbox

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Kind is a kind of failure. The host serves those declared here for every stand-in; a stand-in adds [Kinds] for its protocol.
type Kind string

// The kinds of every stand-in.
const (
	// KindClosed closes the connection without a response.
	KindClosed Kind = "closed"
	// KindSlow delays the response until the client disconnects or the fault is cleared. Then the call continues as
	// usual.
	KindSlow Kind = "slow"
	// KindMaintenance returns 503 with an HTML page, as a load balancer does while its system is down.
	KindMaintenance Kind = "maintenance"
	// KindPage returns an HTML page instead of data: with 200 as a portal or a wrong address does, or with Fault.Status and
	// Fault.Challenge as a proxy, a firewall or a sign-in gateway does.
	KindPage Kind = "page"
	// KindRedirect returns 302 with Fault.Location.
	KindRedirect Kind = "redirect"
	// KindStatus returns Fault.Status with an empty body.
	KindStatus Kind = "status"
	// KindTruncated announces the whole response, sends half of it and closes the connection.
	KindTruncated Kind = "truncated"
	// KindHuge pads the response to more than 4 MiB. It stays well-formed.
	KindHuge Kind = "huge"
	// KindUnfinished announces the whole response, sends half of it and then nothing until the client disconnects.
	KindUnfinished Kind = "unfinished"
	// KindSwitch returns 101, as if the client had asked for another protocol, and keeps the connection open.
	KindSwitch Kind = "switch"
	// KindTitles returns 200 with an HTML page of nearly 4 MiB that consists of openings of titles.
	KindTitles Kind = "titles"
	// KindChallenges returns 401 with a challenge for each of 50,000 authentication schemes.
	KindChallenges Kind = "challenges"
)

// Fault is one failure to simulate, as data. Go and the control endpoint use the same form.
type Fault struct {
	Kind Kind `json:"kind"`
	// Code is the protocol's own code of the failure, for kinds that have one.
	Code string `json:"code,omitempty"`
	// Message replaces the error text of the system.
	Message string `json:"message,omitempty"`
	// WaitMilliseconds is how long the system asks clients to wait, for kinds that have such a value.
	WaitMilliseconds int64 `json:"wait_ms,omitempty"`
	// Status is the HTTP status of KindStatus and KindPage.
	Status int `json:"status,omitempty"`
	// Challenge is the header WWW-Authenticate of KindPage.
	Challenge string `json:"challenge,omitempty"`
	// Location is the target of KindRedirect.
	Location string `json:"location,omitempty"`
	// Operation limits the fault to one operation of the protocol; empty means all.
	Operation string `json:"operation,omitempty"`
	// Account limits the fault to calls that read one account's data; empty means all. It is only allowed for kinds
	// that happen after the sign-in, because the account is unknown before.
	Account string `json:"account,omitempty"`
	// Encoding is the form of the secrets in an echo; empty means several simple forms.
	Encoding Encoding `json:"encoding,omitempty"`
	// Secret is repeated in an echo in addition to those of the request: a system knows more than it is sent.
	Secret string `json:"secret,omitempty"`
	// Issued makes an echo repeat the tokens and sessions as well that the system has issued since its records were deleted.
	Issued bool `json:"issued,omitempty"`
}

// Closed is a connection closed without a response.
func Closed() Fault { return Fault{Kind: KindClosed} }

// Slow is a response that is delayed until the fault is cleared.
func Slow() Fault { return Fault{Kind: KindSlow} }

// Maintenance is a 503 with an HTML page.
func Maintenance() Fault { return Fault{Kind: KindMaintenance} }

// Page is a 200 with an HTML page instead of data.
func Page() Fault { return Fault{Kind: KindPage} }

// PageWith is an HTML page instead of data, with a status and a header WWW-Authenticate; empty for none.
func PageWith(status int, challenge string) Fault {
	return Fault{Kind: KindPage, Status: status, Challenge: challenge}
}

// Redirect is a 302 to location.
func Redirect(location string) Fault { return Fault{Kind: KindRedirect, Location: location} }

// Status is an empty response with this HTTP status.
func Status(status int) Fault { return Fault{Kind: KindStatus, Status: status} }

// Truncated is a response that ends in the middle.
func Truncated() Fault { return Fault{Kind: KindTruncated} }

// Huge is a response of more than 4 MiB.
func Huge() Fault { return Fault{Kind: KindHuge} }

// Unfinished is a response that never ends.
func Unfinished() Fault { return Fault{Kind: KindUnfinished} }

// Switch is a 101 that nobody asked for.
func Switch() Fault { return Fault{Kind: KindSwitch} }

// Titles is a page of nearly 4 MiB that consists of openings of titles.
func Titles() Fault { return Fault{Kind: KindTitles} }

// Challenges is a 401 with 50,000 authentication schemes.
func Challenges() Fault { return Fault{Kind: KindChallenges} }

// ForOperation limits the fault to one operation of the protocol.
func (f Fault) ForOperation(operation string) Fault {
	f.Operation = operation
	return f
}

// ForAccount limits the fault to calls that read one account's data.
func (f Fault) ForAccount(account string) Fault {
	f.Account = account
	return f
}

// Wait sets how long the system asks clients to wait.
func (f Fault) Wait(wait time.Duration) Fault {
	f.WaitMilliseconds = wait.Milliseconds()
	return f
}

// WithMessage replaces the error text of the system.
func (f Fault) WithMessage(message string) Fault {
	f.Message = message
	return f
}

// In sets the encoding of an echo.
func (f Fault) In(encoding Encoding) Fault {
	f.Encoding = encoding
	return f
}

// RetryAfter is the wait as the value of the header Retry-After: in seconds, rounded up.
func (f Fault) RetryAfter() string { return strconv.FormatInt((f.WaitMilliseconds+999)/1000, 10) }

// isBefore reports whether the kind happens before the system reads the call and its credentials.
func (k Kind) isBefore() bool {
	switch k {
	case KindClosed, KindSlow, KindMaintenance, KindPage, KindRedirect, KindStatus, KindSwitch, KindTitles, KindChallenges:
		return true
	default:
		return false
	}
}

// isAfter reports whether the kind changes the response of the system.
func (k Kind) isAfter() bool { return k == KindTruncated || k == KindHuge || k == KindUnfinished }

// check returns an error for an invalid fault. own are the kinds that the system serves itself.
func (f Fault) check(own Kinds) error {
	switch {
	case f.Encoding != "" && !slices.Contains(Encodings(), f.Encoding):
		return fmt.Errorf("unknown encoding %q", f.Encoding)
	case !f.Kind.isBefore() && !f.Kind.isAfter():
		return own.check(f)
	case f.Kind.isBefore() && f.Account != "":
		return f.CheckNoAccount()
	case f.Kind == KindStatus, f.Kind == KindPage && f.Status != 0:
		return f.RequireStatus(http.StatusOK)
	case f.Kind == KindRedirect && f.Location == "":
		return fmt.Errorf("fault %q requires a location", f.Kind)
	}
	return nil
}

// response returns the response of a kind that happens before the call, except KindClosed and KindSlow.
func (f Fault) response() Response {
	switch f.Kind {
	case KindMaintenance:
		a := HTML(http.StatusServiceUnavailable, cmp.Or(f.Message, "Service Unavailable"),
			"<h2>Service Unavailable</h2><hr><p>HTTP Error 503. The service is unavailable.</p>")
		a.Header.Set("Retry-After", "120")
		return a
	case KindRedirect:
		a := HTML(http.StatusFound, "Document Moved", "<h1>Object Moved</h1>This document may be found elsewhere.")
		a.Header.Set("Location", f.Location)
		return a
	case KindPage:
		a := HTML(cmp.Or(f.Status, http.StatusOK), cmp.Or(f.Message, "Sign in"),
			`<div id="app">Welcome. Please sign in to continue.</div>`)
		if f.Challenge != "" {
			a.Header.Set("Www-Authenticate", f.Challenge)
		}
		return a
	case KindSwitch:
		header := http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}}
		return Response{Status: http.StatusSwitchingProtocols, Header: header}
	case KindTitles:
		a := HTML(http.StatusOK, "", "")
		a.Body = []byte(strings.Repeat(titleOpening, (hugeSize-1024)/len(titleOpening)))
		return a
	case KindChallenges:
		return Response{Status: http.StatusUnauthorized, Header: http.Header{"Www-Authenticate": {manySchemes()}}}
	default:
		return Response{Status: f.Status}
	}
}
