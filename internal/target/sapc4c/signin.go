package sapc4c

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// session is a service user whose credentials were accepted. One goroutine uses it at a time.
type session struct {
	call.Session

	service string
	// collections are the names of the collections in the service document.
	collections []string
}

// signIn reads the service document, which requires valid credentials.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	base, err := call.NewSession(a, classifier())
	if err != nil {
		return nil, err
	}
	s := &session{Session: base, service: tenantOf(a.Setting(tenantURL)) + service}
	return call.CloseOnError(ctx, s, s.open(ctx))
}

// open reads the list of collections. The service does not report the identity, so only the host is known.
func (s *session) open(ctx context.Context) error {
	var document struct {
		D struct {
			EntitySets []string `json:"EntitySets"`
		} `json:"d"`
	}
	if err := s.get(ctx, "?$format=json", &document); err != nil {
		return err
	}
	if s.collections = document.D.EntitySets; len(s.collections) == 0 {
		return s.Classifier.UnexpectedResponse("The service document lists no collections.")
	}
	s.Self.Host = target.HostOf(s.service)
	return nil
}

// get reads a response in JSON; the path is below the service. Errors are *[target.Fault].
func (s *session) get(ctx context.Context, path string, into any) error {
	response, err := s.fetch(ctx, path)
	if err != nil {
		return err
	}
	if err := call.DecodeJSON(response.Body, into); err != nil {
		return s.Classifier.UnreadableResponse(response, err)
	}
	return nil
}

// fetch makes a call and returns its response, if it is a success.
func (s *session) fetch(ctx context.Context, path string) (call.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.service+path, http.NoBody)
	if err != nil {
		return call.Response{}, fmt.Errorf("make request: %w", err)
	}
	req.SetBasicAuth(s.Account.Setting(username), s.Account.Credentials[password])
	response, err := call.Send(s.Client, req)
	if err != nil {
		return call.Response{}, s.Classifier.Unreachable(err)
	}
	if fault := s.faultOf(response); fault != nil {
		return call.Response{}, fault
	}
	return response, nil
}

// escape writes text for the query of an address. A space becomes %20, which no server reads as a plus.
func escape(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
