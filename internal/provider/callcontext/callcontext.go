// Package callcontext lets the garbage collector free the context of a call that has returned.
//
// The server of terraform-plugin-framework keeps a cancel function for each call, until the provider stops (its registerContext).
// Each of them keeps the context of its call, with loggers and their fields: about 30 KiB for a call, more than 100 MiB for a
// plan of 1,000 objects, and all of it is marked in each garbage collection.
package callcontext

import (
	"context"
	"sync/atomic"
	"time"
)

// New returns a context for a call, and the function that ends its use: after that, the context has no values and does not keep
// the given one. It is done when the given one is.
func New(of context.Context) (ctx context.Context, release func()) {
	c := &call{done: of.Done()}
	c.of.Store(&of)
	return c, func() { c.of.Store(nil) }
}

// call is the context of a call.
type call struct {
	done <-chan struct{}
	// of is the given context; nil after its use.
	of atomic.Pointer[context.Context]
}

// Deadline is that of the given context, while it is used.
func (c *call) Deadline() (deadline time.Time, ok bool) {
	if of := c.of.Load(); of != nil {
		return (*of).Deadline()
	}
	return time.Time{}, false
}

// Done is that of the given context.
func (c *call) Done() <-chan struct{} { return c.done }

// Err is that of the given context. After its use, a done context was canceled.
func (c *call) Err() error {
	if of := c.of.Load(); of != nil {
		return (*of).Err()
	}
	select {
	case <-c.done:
		return context.Canceled
	default:
		return nil
	}
}

// Value is that of the given context, while it is used.
func (c *call) Value(key any) any {
	if of := c.of.Load(); of != nil {
		return (*of).Value(key)
	}
	return nil
}
