package access

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/time/rate"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const (
	// issuerMaxAge is how long the address and the keys of an issuer are used: a key that it withdrew ends then.
	issuerMaxAge = time.Hour
	// issuerRetry is how long a failure to read them is remembered.
	issuerRetry = 5 * time.Second
	// issuerTimeout limits the discovery of an issuer.
	issuerTimeout = 15 * time.Second
	// issuerCalls and issuerBurst limit the calls to one issuer: a token with an unknown key has its keys read again.
	issuerCalls = 5 * time.Second
	issuerBurst = 10
)

// errIssuerUnavailable means that the keys of an issuer cannot be read now.
var errIssuerUnavailable = errors.New("the keys of the issuer cannot be read")

// issuers has the keys of outside issuers. An issuer is called for the first token that matches a rule, not at the start.
type issuers struct {
	service *Service
	network target.Network
	client  *http.Client

	mu  sync.Mutex
	all map[string]*outsideIssuer
}

// outsideIssuer is one issuer.
type outsideIssuer struct {
	client *http.Client
	calls  *limitedTransport

	mu       sync.Mutex
	verifier *oidc.IDTokenVerifier
	readAt   time.Time
	// err is why the last discovery failed.
	err error
}

// verify verifies the signature of a token with the keys of its issuer, and returns its claims. The caller has found the issuer
// in a rule.
func (i *issuers) verify(ctx context.Context, issuer, token string) ([]byte, error) {
	i.mu.Lock()
	found, ok := i.all[issuer]
	if !ok { // as many as there are rules, so they are not limited
		calls := &limitedTransport{next: i.client.Transport, limit: rate.NewLimiter(rate.Every(issuerCalls), issuerBurst)}
		limited := *i.client
		limited.Transport = calls
		found = &outsideIssuer{client: &limited, calls: calls}
		i.all[issuer] = found
	}
	i.mu.Unlock()
	verifier, err := found.open(ctx, issuer, i.service)
	if err != nil {
		return nil, err
	}
	failed := found.calls.failed.Load()
	verified, err := verifier.Verify(ctx, token)
	switch {
	case err != nil && found.calls.failed.Load() > failed: // the library's error does not say so
		return nil, fmt.Errorf("%w: %w", errIssuerUnavailable, err)
	case err != nil:
		return nil, err
	}
	var payload json.RawMessage
	if err := verified.Claims(&payload); err != nil {
		return nil, err
	}
	return payload, nil
}

// open returns what verifies tokens of the issuer. It discovers the address of the keys, unless that is known.
func (o *outsideIssuer) open(ctx context.Context, issuer string, s *Service) (*oidc.IDTokenVerifier, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	age := s.now().Sub(o.readAt)
	switch {
	case o.verifier != nil && age < issuerMaxAge:
		return o.verifier, nil
	case o.err != nil && age < issuerRetry:
		return nil, o.err
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(context.WithoutCancel(ctx), o.client), issuerTimeout)
	defer cancel()
	provider, err := oidc.NewProvider(ctx, issuer)
	o.readAt = s.now()
	if err != nil {
		o.verifier, o.err = nil, fmt.Errorf("%w: %w", errIssuerUnavailable, err)
		return nil, o.err
	}
	o.err = nil
	// The audience is checked with the rules, and the times with the clock of the database.
	o.verifier = provider.VerifierContext(oidc.ClientContext(context.Background(), o.client), &oidc.Config{
		SkipClientIDCheck: true, SkipExpiryCheck: true, SupportedSigningAlgs: outsideAlgorithms,
	})
	return o.verifier, nil
}

// errCalls is the error of a call to an issuer that is called too often.
var errCalls = errors.New("the issuer is called too often")

// limitedTransport limits the calls to an issuer, and counts those that failed.
type limitedTransport struct {
	next   http.RoundTripper
	limit  *rate.Limiter
	failed atomic.Int64
}

// RoundTrip sends a request, unless there were too many.
func (t *limitedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if !t.limit.Allow() {
		t.failed.Add(1)
		return nil, errCalls
	}
	response, err := t.next.RoundTrip(r)
	if err != nil || response.StatusCode != http.StatusOK {
		t.failed.Add(1)
	}
	return response, err
}
