package target

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Classifier decides which fault a failed call is. What all systems have in common is decided here, from the error of
// the transport or from the HTTP status; what a system says in its own codes comes from its package, as [Words] and
// Codes. The order is: a limit on calls, then a saying or a code that is known, then the status.
type Classifier struct {
	// Address names the field that says where the system is.
	Address string
	// Codes are the system's own codes that are known, and the fault that each one means.
	Codes map[string]Code
	// Sayings are known failures whose code says too little; they go before Codes, the first that fits.
	Sayings []Saying
}

// Saying is a failure that a system's text tells apart from others with the same code. Texts change where codes do not,
// so this is for systems that leave no choice.
type Saying struct {
	// Code is the system's code; empty for any.
	Code string
	// Says is what the text contains, in lower case.
	Says string
	// Means is the fault.
	Means Code
	// Field is the field of the connection to mend, where the fault's own would be wrong.
	Field string
}

// find is the first saying that fits.
func (c Classifier) find(words *Words) (Saying, bool) {
	text := strings.ToLower(words.Message)
	i := slices.IndexFunc(c.Sayings, func(s Saying) bool {
		return (s.Code == "" || s.Code == words.Code) && strings.Contains(text, s.Says)
	})
	if i < 0 {
		known, ok := c.Codes[words.Code]
		return Saying{Means: known}, ok
	}
	return c.Sayings[i], true
}

// Words are what a system said about a failure in its own protocol. They are the cause of the fault, for errors.As.
type Words struct {
	// Code is its machine-readable code.
	Code string
	// Message is its text for people.
	Message string
	// RetryAfter is the wait it asks for; zero if it asks for none.
	RetryAfter time.Duration
}

// Error gives text and code, as the system said them.
func (w *Words) Error() string {
	switch {
	case w.Message == "":
		return w.Code
	case w.Code == "" || strings.Contains(w.Message, w.Code):
		return w.Message
	}
	return w.Message + " (" + w.Code + ")"
}

// Failure is the fault of an answer; nil if it is a good one. The words are nil if the system said nothing about a
// failure in its own protocol.
func (c Classifier) Failure(a Answer, words *Words) *Fault {
	if words == nil && a.Status >= 200 && a.Status < 300 {
		if a.isPage() {
			return c.Unusable(a, "not data")
		}
		return nil
	}
	fault := &Fault{Code: statusCode(a.Status), Message: a.describe(), RetryAfter: retryAfter(a.Header, time.Now())}
	if words == nil {
		return fault
	}
	if known, ok := c.find(words); ok && a.Status != http.StatusTooManyRequests {
		fault.Code, fault.Field = known.Means, known.Field
	}
	if words.RetryAfter > 0 {
		fault.RetryAfter = min(words.RetryAfter, longestWait)
	}
	fault.Message, fault.Cause = words.Error(), words
	return fault
}

// Unusable is the fault of an answer that the system's protocol does not know. The reason completes the sentence "The
// answer is …".
func (c Classifier) Unusable(a Answer, reason string) *Fault {
	fault := &Fault{Code: Misconfigured, Field: c.Address}
	if code := statusCode(a.Status); code == SystemNotAvailable {
		fault = &Fault{Code: code, RetryAfter: retryAfter(a.Header, time.Now())}
	}
	fault.Message = a.describe()
	if !a.isPage() {
		fault.Message += " The answer is " + reason + "."
	}
	return fault
}

// Unexpected is the fault of an answer that can be read, and lacks what was asked for. The message is a sentence.
func (c Classifier) Unexpected(message string) *Fault {
	return &Fault{Code: Misconfigured, Field: c.Address, Message: message}
}

// Unreadable is the fault of an answer that could not be read, with the reader's error (see [DecodeJSON]).
func (c Classifier) Unreadable(a Answer, err error) *Fault {
	fault := c.Unusable(a, err.Error())
	if errors.Is(err, ErrBrokenOff) {
		fault.Code, fault.Field = SystemNotAvailable, ""
	}
	return fault
}

// statusCode is the fault that an HTTP status means where the system says nothing more.
func statusCode(status int) Code {
	switch {
	case status == http.StatusTooManyRequests:
		return Throttled
	case status == http.StatusUnauthorized:
		return GivenCredentials
	case status == http.StatusForbidden:
		return InsufficientPermission
	case status == http.StatusRequestTimeout, status >= 500:
		return SystemNotAvailable
	}
	return Misconfigured
}
