package access

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/server"
)

// verifiedPeriod is how long a verified token is cached, and so how long a client that was disabled can go on.
const verifiedPeriod = time.Minute

// maxTokenLength is more than the longest access token, in bytes.
const maxTokenLength = 8 << 10

// verifiedToken is the result of verifying a token.
type verifiedToken struct {
	client server.Client
	until  time.Time // by the clock of the machine
}

// Authenticate identifies the client of a request by its access token. The error is [server.ErrUnauthenticated] without a valid
// token, and an *[api.Problem] for a client with too many requests.
func (s *Service) Authenticate(r *http.Request) (server.Client, error) {
	token, ok := bearerToken(r)
	if !ok {
		return server.Client{}, server.ErrUnauthenticated
	}
	digest := sha256.Sum256([]byte(token))
	now := s.now()
	found, ok := s.verified.get(string(digest[:]), nil)
	if !ok || !now.Before(found.until) {
		var err error
		if found, err = s.identify(r.Context(), token, now); err != nil {
			return server.Client{}, err
		}
		s.verified.put(string(digest[:]), found)
	}
	if wait, ok := s.requests.take(found.client.ID, now); !ok {
		return server.Client{}, tooManyRequests("The client \""+found.client.Name+"\" has sent more requests than it may.", wait)
	}
	return found.client, nil
}

// AllowVisit returns an *[api.Problem] if the address of a request has requested too many pages for a person.
func (s *Service) AllowVisit(r *http.Request) error {
	if wait, ok := s.visits.take(networkOf(r), s.now()); !ok {
		return tooManyRequests("Your address has requested too many pages: try again later.", wait)
	}
	return nil
}

// identify verifies a token, and reads its client.
func (s *Service) identify(ctx context.Context, token string, now time.Time) (verifiedToken, error) {
	claims, err := s.verify(ctx, token)
	if err != nil {
		return verifiedToken{}, err
	}
	c, err := s.client(ctx, claims.ClientID)
	if errors.Is(err, model.ErrNotFound) || err == nil && c.DisabledAt != nil {
		return verifiedToken{}, server.ErrUnauthenticated
	}
	if err != nil {
		return verifiedToken{}, err
	}
	found := verifiedToken{until: now.Add(min(verifiedPeriod, claims.Expiry.Time().Sub(s.keys.clock())))}
	found.client.Name, found.client.ID = c.Name, c.ID
	if claims.Origin != "" {
		found.client.Actor = c.Name + " (" + claims.Origin + ")"
	}
	for _, scope := range within(strings.Fields(claims.Scope), c.Scopes) {
		found.client.Scopes = append(found.client.Scopes, api.Scope(scope))
	}
	return found, nil
}

// client reads a client with its secrets and trusts, in one statement.
func (s *Service) client(ctx context.Context, id string) (c model.Client, err error) {
	err = s.store.Read(ctx, func(tx model.Tx) (err error) {
		c, err = tx.Client(ctx, id)
		return err
	})
	if err != nil {
		return c, fmt.Errorf("client %s: %w", id, err)
	}
	return c, nil
}

// bearerToken returns the token of the only Authorization header (RFC 6750, section 2.1).
func bearerToken(r *http.Request) (string, bool) {
	headers := r.Header.Values("Authorization")
	if len(headers) != 1 || len(headers[0]) > maxTokenLength {
		return "", false
	}
	scheme, token, ok := strings.Cut(headers[0], " ")
	return token, ok && strings.EqualFold(scheme, "Bearer") && token != ""
}

func tooManyRequests(detail string, wait time.Duration) *api.Problem {
	return &api.Problem{
		Type: api.ProblemTypePrefix + api.ProblemTooManyRequests, Title: "Too many requests", Status: http.StatusTooManyRequests,
		Detail: detail, RetryAfterSeconds: retryAfter(wait),
	}
}
