package hclnotes

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// request makes a call without credentials. The path is escaped.
func (s *session) request(ctx context.Context, method, path string, form url.Values) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, s.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Accept", "application/json")
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return req, nil
}

// get calls as the service account and reads the response. The login form is a rejection. Errors are *[target.Fault].
func (s *session) get(ctx context.Context, c call.Classifier, path string, into any) error {
	req, err := s.request(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	s.authenticate(req)
	response, err := call.Send(s.Client, req)
	if err != nil {
		return c.Unreachable(err)
	}
	if isLoginForm(response) {
		return loginFormFault(response, "Domino returned its login form.")
	}
	systemErr := parseError(response)
	if fault := c.FaultOf(response, systemErr); fault != nil {
		fault.Cause = &responseError{status: response.Status, systemErr: systemErr}
		return fault
	}
	if len(response.Body) == 0 { // the Calendar service returns this if there are no events
		return nil
	}
	if err := call.DecodeJSON(response.Body, into); err != nil {
		return c.UnreadableResponse(response, err)
	}
	return nil
}

// authenticate adds the password to a call, or the cookies of the session.
func (s *session) authenticate(req *http.Request) {
	if s.mode == basic {
		req.Header.Set("Authorization", "Basic "+s.basic())
	}
	for _, cookie := range s.cookies {
		req.AddCookie(cookie)
	}
}

// basic returns the credentials for the header, in the character set that Domino expects: ISO-8859-1 for names, and US-ASCII for
// passwords.
func (s *session) basic() string {
	pair := s.Account.Setting(username) + ":" + s.Account.Credentials[password]
	raw := make([]byte, 0, len(pair))
	for _, r := range pair {
		if r > 0xff {
			return base64.StdEncoding.EncodeToString([]byte(pair)) // no encoding is right
		}
		raw = append(raw, byte(r))
	}
	return base64.StdEncoding.EncodeToString(raw)
}
