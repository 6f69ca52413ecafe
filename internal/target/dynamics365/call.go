package dynamics365

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
)

// webAPI is the path of the Web API, in the version that all of today's environments have.
const webAPI = "/api/data/v9.2/"

// get calls the Web API as the application user and reads its answer. Errors are *[target.Fault].
func (s *session) get(ctx context.Context, path string, into any) (call.Response, error) {
	return s.getAs(ctx, nil, path, into)
}

// getAs calls the Web API as somebody else; nil is the application user.
func (s *session) getAs(ctx context.Context, as *user, path string, into any) (call.Response, error) {
	var response call.Response
	err := s.bearer.Do(ctx, func(token *oauth2.Token) error {
		var err error
		response, err = s.send(ctx, token, path, as)
		if err != nil {
			return err
		}
		return s.read(response, into)
	}, isTokenRejected)
	return response, err
}

// isTokenRejected tells whether the Web API no longer takes the token: a disabled user is no matter of tokens.
func isTokenRejected(err error) bool {
	fault, ok := target.AsFault(err)
	return ok && fault.Code == target.GivenCredentials && codeOf(fault) != disabled
}

// send sends a call, with a token if there is one, and as somebody else if so.
func (s *session) send(ctx context.Context, token *oauth2.Token, path string, as *user) (call.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+webAPI+path, http.NoBody)
	if err != nil {
		return call.Response{}, fmt.Errorf("make request: %w", err)
	}
	for name, value := range map[string]string{
		"Accept": "application/json", "OData-Version": "4.0", "OData-MaxVersion": "4.0",
	} {
		req.Header.Set(name, value)
	}
	if token != nil {
		req.Header.Set("Authorization", "Bearer "+token.AccessToken)
	}
	if as != nil {
		as.impersonate(req.Header)
	}
	response, err := call.Send(s.http, req)
	if err != nil {
		return call.Response{}, s.classifier.Unreachable(err)
	}
	return response, nil
}

// read reads an answer to a call with a token.
func (s *session) read(response call.Response, into any) error {
	if fault := s.classifier.FaultOf(response, parseError(response)); fault != nil {
		return s.checkChallenge(fault, response)
	}
	if err := call.DecodeJSON(response.Body, into); err != nil {
		return s.classifier.UnreadableResponse(response, err)
	}
	return nil
}

// checkChallenge tells a token that is for another name of the environment from one that is no longer good: both are 401.
func (s *session) checkChallenge(fault *target.Fault, response call.Response) *target.Fault {
	own := parseChallenge(response.Header).resource
	if response.Status != http.StatusUnauthorized || own == "" || strings.EqualFold(target.HostOf(own), target.HostOf(s.base)) {
		return fault
	}
	return &target.Fault{
		Code: target.Misconfigured, Field: address, Cause: fault,
		Message: "The environment takes no token for this address: it calls itself " + own + ". Write that as url.",
	}
}

// parseError finds what an answer that is no success says (compose-http-requests-handle-errors, "Parse errors from the
// response").
func parseError(r call.Response) *call.SystemError {
	if r.Status >= 200 && r.Status < 300 {
		return nil
	}
	var body struct {
		Error struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	if err := call.DecodeJSON(r.Body, &body); err == nil && body.Error.Code+body.Error.Message != "" {
		return &call.SystemError{Code: strings.ToLower(body.Error.Code), Message: body.Error.Message}
	}
	return nil
}

// challenge is what the environment says of itself when it takes no token.
type challenge struct {
	// tenant is the id of the tenant that it belongs to, resource the address that tokens have to be for.
	tenant, resource string
}

// parseChallenge reads the header of a refusal: Bearer authorization_uri=https://…/<tenant>/oauth2/authorize,
// resource_id=https://…/. Values can be quoted.
func parseChallenge(h http.Header) challenge {
	challenges := h.Values("WWW-Authenticate")
	i := slices.IndexFunc(challenges, func(c string) bool { return strings.HasPrefix(strings.ToLower(c), "bearer ") })
	if i < 0 {
		return challenge{}
	}
	_, parameters, _ := strings.Cut(challenges[i], " ")
	var c challenge
	for part := range strings.SplitSeq(parameters, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		u, err := url.Parse(strings.Trim(strings.TrimSpace(value), `"`))
		if err != nil || u.Host == "" {
			continue
		}
		switch strings.ToLower(name) {
		case "authorization_uri":
			if tenant, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/"); entra.IsGUID(tenant) {
				c.tenant = tenant
			}
		case "resource_id":
			c.resource = u.Scheme + "://" + u.Host
		}
	}
	return c
}
