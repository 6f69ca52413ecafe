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

// maxTokenSize limits an access token, in bytes: servers accept no longer headers.
const maxTokenSize = 16 << 10

// fetch requests a token. The library's errors contain the complete response, secrets included, so they are not returned; the
// error is read from the recorded response instead. If the endpoint rejects a signature, the fault reports a difference between
// the clocks, since that is a frequent reason.
func (e Endpoint) fetch(ctx context.Context, form url.Values) (*oauth2.Token, error) {
	recorder := &responseRecorder{next: e.Client.Transport}
	client := *e.Client
	client.Transport = recorder
	config := e.config(form)
	token, err := config.Token(context.WithValue(ctx, oauth2.HTTPClient, &client))
	if unreachable, ok := errors.AsType[*url.Error](err); ok {
		return nil, e.Classifier.Unreachable(unreachable)
	}
	e.Tokens.MaskIssued(call.TrimJSON(recorder.response.Body))
	if fault := e.faultOf(recorder.response, err); fault != nil {
		signed := config.EndpointParams.Has("assertion") || config.EndpointParams.Has("client_assertion")
		if signed && isRejection(fault) {
			fault.Message = target.Say("%s%s", fault.Message, clockSkewText(recorder.response.Header, time.Now()))
		}
		return nil, fault
	}
	return token, nil
}

// isRejection reports whether the endpoint may have rejected a signature, whatever its error text.
func isRejection(fault *target.Fault) bool {
	return fault.Code == target.GivenCredentials || fault.Code == target.Misconfigured && fault.Cause != nil
}

// faultOf returns the fault of a response, also of one without a usable token.
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
		return e.Classifier.UnusableResponse(r, "without a usable access token")
	}
	return nil
}

// IsToken reports whether text can be sent as a bearer token: printable ASCII (RFC 6749, A.12).
func IsToken(text string) bool {
	invalid := func(r rune) bool { return r < '!' || r > '~' }
	return text != "" && len(text) <= maxTokenSize && !strings.ContainsFunc(text, invalid)
}

// responseRecorder stores the last response of the token endpoint. The client below has read it completely, within its limit.
type responseRecorder struct {
	next     http.RoundTripper
	response call.Response
}

// RoundTrip sends the request.
func (r *responseRecorder) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := call.ReadResponse(resp)
	if err != nil {
		return nil, err
	}
	r.response = call.Response{Status: resp.StatusCode, Header: resp.Header, Body: body, URL: req.URL}
	resp.Body = io.NopCloser(bytes.NewReader(call.TrimJSON(body))) // the library reads nothing but JSON
	return resp, nil
}
