package sandbox

import (
	"net/http"
	"regexp"
	"sync"
)

// System is what a stand-in gives its host.
type System struct {
	// Serve serves one call; it is called concurrently.
	Serve func(*Call) Response
	// Operation finds the protocol's operation in a request, whose body has been read; empty if it is not told.
	Operation func(r *http.Request, body []byte) string
	// Sites names the further addresses at which the system listens, for a system with several hosts. The first
	// address has no name.
	Sites []string
	// Check says what is wrong with a fault of a kind the system adds, or that there is no such kind.
	Check func(Fault) error
	// Restore makes what the system knows as it is at the start: before the first call, and at each Reset. nil means that
	// nothing of it changes.
	Restore func()
	// Lock is held for the whole of each call and of Restore: a stand-in need not be fast. A system whose parts have locks
	// of their own has none.
	Lock sync.Locker
}

// Operations are the names by which faults are limited to a kind of call, each with the paths it is for.
type Operations []struct {
	Name string
	Path *regexp.Regexp
}

// At is the name of the first operation that is at a path; empty if there is none.
func (o Operations) At(path string) string {
	for _, one := range o {
		if one.Path.MatchString(path) {
			return one.Name
		}
	}
	return ""
}

// ByPath is the operation of systems that have one at each path.
func ByPath(operation func(path string) string) func(*http.Request, []byte) string {
	return func(r *http.Request, _ []byte) string { return operation(r.URL.Path) }
}

// hold takes the system's lock; what it returns gives it back.
func (h *Host) hold() (release func()) {
	if h.system.Lock == nil {
		return func() {}
	}
	h.system.Lock.Lock()
	return h.system.Lock.Unlock
}

func (h *Host) restore() {
	defer h.hold()()
	if h.system.Restore != nil {
		h.system.Restore()
	}
}

// serveCall asks the system.
func (h *Host) serveCall(call *Call) Response {
	defer h.hold()()
	return h.system.Serve(call)
}

// Reset puts everything back as it was at the start, forgets requests, sign-ins and faults, and comes up.
func (h *Host) Reset() error {
	h.restore()
	h.Clear()
	h.Forget()
	return h.Up()
}
