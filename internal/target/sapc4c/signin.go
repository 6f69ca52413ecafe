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

// session is a service user whose credentials were taken. One goroutine uses it at a time.
type session struct {
	account    target.Account
	service    string
	http       *http.Client
	classifier call.Classifier
	// collections are the names of the collections in the service document.
	collections []string
	identity    target.Identity
}

// signIn reads the service document, which no one does without being let in.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	client, err := call.Client(a)
	if err != nil {
		return nil, err
	}
	s := &session{account: a, service: tenantOf(a.Setting(tenantURL)) + service, http: client, classifier: classifier()}
	if err := s.open(ctx); err != nil {
		s.http.CloseIdleConnections()
		return nil, err
	}
	return s, nil
}

// open reads which collections there are.
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
		return s.classifier.UnexpectedResponse("The service document lists no collections.")
	}
	s.identity.Host = target.HostOf(s.service)
	return nil
}

// get reads an answer in JSON; the path is below the service. Errors are *[target.Fault].
func (s *session) get(ctx context.Context, path string, into any) error {
	response, err := s.fetch(ctx, path)
	if err != nil {
		return err
	}
	if err := call.DecodeJSON(response.Body, into); err != nil {
		return s.classifier.UnreadableResponse(response, err)
	}
	return nil
}

// fetch makes a call and returns its answer, if it is a good one.
func (s *session) fetch(ctx context.Context, path string) (call.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.service+path, http.NoBody)
	if err != nil {
		return call.Response{}, fmt.Errorf("make request: %w", err)
	}
	req.SetBasicAuth(s.account.Setting(username), s.account.Credentials[password])
	response, err := call.Send(s.http, req)
	if err != nil {
		return call.Response{}, s.classifier.Unreachable(err)
	}
	if fault := s.faultOf(response); fault != nil {
		return call.Response{}, fault
	}
	return response, nil
}

// escape writes text for the query of an address. A space is %20 there, which no server reads as a plus.
func escape(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

// Identity tells where the service user is signed in; who it is, the service does not tell.
func (s *session) Identity() target.Identity { return s.identity }

// Close gives up the connections; there is no session to end.
func (s *session) Close() error {
	s.http.CloseIdleConnections()
	return nil
}
