package sandbox

import (
	"net/http"
	"regexp"
	"sync"
)

// System is the part of a stand-in that its host calls.
type System struct {
	// Serve serves one call. It is called concurrently.
	Serve func(*Call) Response
	// Operation returns the protocol's operation of a request whose body has been read; empty if the request does not
	// name one.
	Operation func(r *http.Request, body []byte) string
	// Sites are the names of the further addresses of a system with several hosts. The first address has no name.
	Sites []string
	// Kinds are the kinds of fault that the system serves itself.
	Kinds Kinds
	// Restore sets the state of the system to the state at the start: before the first call, and at each Reset. It is
	// nil for a system without state.
	Restore func()
	// Lock is held during each call and during Restore: a stand-in does not need to be fast. It is nil for a system
	// whose parts have their own locks.
	Lock sync.Locker
}

// Operations are the operations that a fault can be limited to, each with its paths.
type Operations []struct {
	Name string
	Path *regexp.Regexp
}

// At returns the name of the first operation for a path; empty without a match.
func (o Operations) At(path string) string {
	for _, operation := range o {
		if operation.Path.MatchString(path) {
			return operation.Name
		}
	}
	return ""
}

// ByPath returns the Operation function of systems whose path names the operation.
func ByPath(operation func(path string) string) func(*http.Request, []byte) string {
	return func(r *http.Request, _ []byte) string { return operation(r.URL.Path) }
}

// lock takes the system's lock and returns the function that releases it.
func (h *Host) lock() (release func()) {
	if h.system.Lock == nil {
		return func() {}
	}
	h.system.Lock.Lock()
	return h.system.Lock.Unlock
}

func (h *Host) restore() {
	defer h.lock()()
	if h.system.Restore != nil {
		h.system.Restore()
	}
}

// serveCall calls the system.
func (h *Host) serveCall(call *Call) Response {
	defer h.lock()()
	return h.system.Serve(call)
}

// Reset restores the state at the start, deletes the records of requests, sign-ins and faults, and starts the host if
// it is down.
func (h *Host) Reset() error {
	h.restore()
	h.Clear()
	h.Forget()
	return h.Up()
}
