package servetest

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// Balancer sends the requests of clients to replicas in turn, as a load balancer without health checks does: a request to a
// replica that was killed fails.
type Balancer struct {
	transport *http.Transport

	mu       sync.Mutex
	replicas []string
	next     int
}

// NewBalancer returns a balancer of replicas.
func NewBalancer(t *testing.T, replicas ...*Process) *Balancer {
	t.Helper()
	b := &Balancer{transport: &http.Transport{}}
	t.Cleanup(b.transport.CloseIdleConnections)
	for _, p := range replicas {
		b.replicas = append(b.replicas, p.URL)
	}
	return b
}

// Replace replaces a replica, by its index.
func (b *Balancer) Replace(i int, by *Process) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.replicas[i] = by.URL
}

// RoundTrip sends a request to the next replica.
func (b *Balancer) RoundTrip(r *http.Request) (*http.Response, error) {
	b.mu.Lock()
	replica := b.replicas[b.next%len(b.replicas)]
	b.next++
	b.mu.Unlock()
	r = r.Clone(r.Context())
	r.URL.Host = strings.TrimPrefix(replica, "http://")
	return b.transport.RoundTrip(r)
}

// Client is a client of the replicas.
func (b *Balancer) Client(t *testing.T, as api.IssuedClient) *api.Client {
	t.Helper()
	return client(t, PublicURL, b, as)
}
