package server

import (
	"context"
	"net"
	"net/http"
	"time"
)

// Observation is what is known about a request after its end.
type Observation struct {
	// Operation is the id of the operation in the contract, or the name of another handler, see [NameOperation]. It is empty if
	// the address has no route.
	Operation string
	// Client is the name of the client; empty if it was not authenticated.
	Client string
	// Status is the status of the response; 0 if the client disconnected before one was sent.
	Status   int
	Duration time.Duration
}

type observerKey struct{}

// Observe returns a context for a request. [Middleware] calls the function once after the end of the request.
func Observe(ctx context.Context, f func(Observation)) context.Context {
	return context.WithValue(ctx, observerKey{}, f)
}

func observe(ctx context.Context, ended Observation) {
	if f, ok := ctx.Value(observerKey{}).(func(Observation)); ok {
		f(ended)
	}
}

// NameOperation names the operation of a request, for metrics. Handlers beside the routes of the contract call it with a
// constant name.
func NameOperation(ctx context.Context, name string) {
	addToRequestLog(ctx, func(l *requestLog) { l.operation = name })
}

// ClientAddress is the IP address of the client of a request; empty if it is in this process. Behind trusted proxies, the front
// has put the client's own address into the request.
func ClientAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	return host
}
