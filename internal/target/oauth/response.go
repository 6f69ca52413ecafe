package oauth

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// maxTokenSize bounds an access token, in bytes: servers take no longer headers.
const maxTokenSize = 16 << 10

// fetch asks for a token. The library's own errors hold the whole answer with everything in it, so they end here; what
// the endpoint said is read again from the answer, to name what went wrong. A refusal of something signed tells when the
// clocks differ, since that is a usual reason.
func (e Endpoint) fetch(ctx context.Context, form url.Values) (*oauth2.Token, error) {
	kept := &responseRecorder{next: e.Client.Transport}
	client := *e.Client
	client.Transport = kept
	config := e.config(form)
	token, err := config.Token(context.WithValue(ctx, oauth2.HTTPClient, &client))
	if refused, ok := errors.AsType[*url.Error](err); ok {
		return nil, e.Classifier.Unreachable(refused)
	}
	if fault := e.faultOf(kept.response, err); fault != nil {
		signed := config.EndpointParams.Has("assertion") || config.EndpointParams.Has("client_assertion")
		if signed && isRejection(fault) {
			fault.Message += clockSkewText(kept.response.Header, time.Now())
		}
		return nil, fault
	}
	return token, nil
}

// isRejection tells whether the endpoint may have refused what was signed, in whatever words.
func isRejection(fault *target.Fault) bool {
	return fault.Code == target.GivenCredentials || fault.Code == target.Misconfigured && fault.Cause != nil
}

// faultOf is the fault of an answer, and of one without a token that can be used.
func (e Endpoint) faultOf(r call.Response, err error) *target.Fault {
	if e.ParseError != nil {
		if systemErr := e.ParseError(r); systemErr != nil {
			return e.Classifier.FaultOf(r, systemErr)
		}
	}
	var body struct {
		AccessToken string `json:"access_token"`
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	unreadable := call.DecodeJSON(r.Body, &body)
	if unreadable == nil && body.Error != "" {
		return e.Classifier.FaultOf(r, &call.SystemError{Code: body.Error, Message: body.Description})
	}
	if fault := e.Classifier.FaultOf(r, nil); fault != nil {
		return fault
	}
	switch {
	case unreadable != nil:
		return e.Classifier.UnreadableResponse(r, unreadable)
	case err != nil, !IsToken(body.AccessToken):
		return e.Classifier.UnusableResponse(r, "without an access token that can be used")
	}
	return nil
}

// IsToken tells whether text can travel as a bearer token: what is printable in ASCII can (RFC 6749, A.12).
func IsToken(text string) bool {
	invalid := func(r rune) bool { return r < '!' || r > '~' }
	return text != "" && len(text) <= maxTokenSize && !strings.ContainsFunc(text, invalid)
}

// responseRecorder keeps the last answer to the request for a token. The client below has read it whole, and so bounded it.
type responseRecorder struct {
	next     http.RoundTripper
	response call.Response
}

// RoundTrip sends the request.
func (k *responseRecorder) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := k.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := call.ReadResponse(resp)
	if err != nil {
		return nil, err
	}
	k.response = call.Response{Status: resp.StatusCode, Header: resp.Header, Body: body, URL: req.URL}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}
