package oauth

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// longestToken bounds an access token, in bytes: servers take no longer headers.
const longestToken = 16 << 10

// fetch asks for a token, and gives the answer as well, if there is one. The library's own errors hold that answer with
// everything in it, so they end here; what the endpoint said is read again from the answer, to name what went wrong.
func (e Endpoint) fetch(ctx context.Context, source func(context.Context) oauth2.TokenSource) (
	*oauth2.Token, target.Answer, error,
) {
	kept := &keeper{next: e.Client.Transport}
	client := *e.Client
	client.Transport = kept
	token, err := source(context.WithValue(ctx, oauth2.HTTPClient, &client)).Token()
	if call, ok := errors.AsType[*url.Error](err); ok {
		return nil, kept.answer, e.Classifier.Unreachable(call)
	}
	if fault := e.judge(kept.answer, err); fault != nil {
		return nil, kept.answer, fault
	}
	return token, kept.answer, nil
}

// judge is the fault of an answer, and of one without a token that can be used.
func (e Endpoint) judge(a target.Answer, err error) *target.Fault {
	var said struct {
		AccessToken string `json:"access_token"`
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	unreadable := target.DecodeJSON(a.Body, &said)
	if unreadable == nil && said.Error != "" {
		return e.Classifier.Failure(a, &target.Words{Code: said.Error, Message: said.Description})
	}
	if fault := e.Classifier.Failure(a, nil); fault != nil {
		return fault
	}
	switch {
	case unreadable != nil:
		return e.Classifier.Unreadable(a, unreadable)
	case err != nil, !isToken(said.AccessToken):
		return e.Classifier.Unusable(a, "without an access token that can be used")
	}
	return nil
}

// isToken tells whether text can travel as a bearer token: what is printable in ASCII can (RFC 6749, A.12).
func isToken(text string) bool {
	odd := func(r rune) bool { return r < '!' || r > '~' }
	return text != "" && len(text) <= longestToken && !strings.ContainsFunc(text, odd)
}

// keeper keeps the last answer to the request for a token. The client below has read it whole, and so bounded it.
type keeper struct {
	next   http.RoundTripper
	answer target.Answer
}

// RoundTrip sends the request.
func (k *keeper) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := k.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := target.ReadAnswer(resp)
	if err != nil {
		return nil, err
	}
	k.answer = target.Answer{Status: resp.StatusCode, Header: resp.Header, Body: body, URL: req.URL}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}
