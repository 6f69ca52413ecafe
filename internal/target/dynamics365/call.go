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

// webAPI is the path of the Web API, in a version that all of today's environments have.
const webAPI = "/api/data/v9.2/"

// get calls the Web API as the application user and reads the response. Errors are *[target.Fault].
func (s *session) get(ctx context.Context, path string, into any) (call.Response, error) {
	return s.getAs(ctx, nil, path, into)
}

// getAs calls the Web API as a user; nil is the application user.
func (s *session) getAs(ctx context.Context, as *user, path string, into any) (call.Response, error) {
	var response call.Response
	err := s.Bearer.Do(ctx, func(token *oauth2.Token) error {
		var err error
		response, err = s.send(ctx, token, path, as)
		if err != nil {
			return err
		}
		return s.read(response, into)
	}, isTokenRejected)
	return response, err
}

// isTokenRejected reports whether the Web API rejected the token. It is in no field; a disabled user is one of a field, and has
// nothing to do with the token.
func isTokenRejected(err error) bool {
	fault, ok := target.AsFault(err)
	return ok && fault.Code == target.GivenCredentials && fault.Field == ""
}

// send sends a call, with a token if there is one, and as a user if there is one.
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
	response, err := call.Send(s.Client, req)
	if err != nil {
		return call.Response{}, s.Classifier.Unreachable(err)
	}
	return response, nil
}

// read reads the response to a call with a token.
func (s *session) read(response call.Response, into any) error {
	classifier := s.Classifier
	if response.Status >= http.StatusInternalServerError {
		classifier.Errors = classifier.Errors.With(failure)
	}
	err := classifier.ReadJSON(response, parseError, into)
	if err != nil && response.Status == http.StatusUnauthorized {
		return s.checkChallenge(err, response)
	}
	return err
}

// checkChallenge distinguishes a token for another address of the environment from an expired one: the status of both is 401.
func (s *session) checkChallenge(err error, response call.Response) error {
	own := parseChallenge(response.Header).resource
	if own == "" || strings.EqualFold(target.HostOf(own), target.HostOf(s.base)) {
		return err
	}
	return &target.Fault{
		Code: target.Misconfigured, Field: address, Cause: err,
		Message: target.Say("The environment accepts no token for this address: its own address is %s. Set url to that.", own),
	}
}

// parseError finds the system error of a response (compose-http-requests-handle-errors, "Parse errors from the response"). The
// documentation has codes in both letter cases; they are returned in lower case.
func parseError(r call.Response) *call.SystemError {
	if r.IsSuccess() {
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
	if text := call.FindText(administrationMode, call.Start(r.Body)); r.Status == http.StatusForbidden && text != "" {
		return &call.SystemError{Message: text, Markup: r.IsPage()}
	}
	return nil
}

// challenge is the part of a rejection that describes the environment.
type challenge struct {
	// tenant is the id of its tenant, and resource the address that tokens must be for.
	tenant, resource string
}

// parseChallenge reads the header of a rejection: Bearer authorization_uri=https://…/<tenant>/oauth2/authorize,
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
