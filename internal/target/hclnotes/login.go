package hclnotes

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// detectAuthentication returns the server's authentication, with a call without credentials.
func (s *session) detectAuthentication(ctx context.Context) (string, error) {
	req, err := s.request(ctx, http.MethodGet, ownCalendar, nil)
	if err != nil {
		return "", err
	}
	response, err := call.Send(s.Client, req)
	switch {
	case err != nil:
		return "", s.Classifier.Unreachable(err)
	case offersBasic(response):
		return basic, nil
	case isLoginForm(response):
		return sessionAuth, nil
	case response.Status == http.StatusUnauthorized:
		fault := s.Classifier.FaultOf(response, nil)
		fault.Code, fault.Field = target.Misconfigured, serverURL
		fault.Message = target.Say("The server neither offers Basic nor has Domino's login form. %s", fault.Message)
		return "", fault
	}
	if fault := s.Classifier.FaultOf(response, parseError(response)); fault != nil {
		return "", serviceDisabledFault(fault)
	}
	return "", s.Classifier.UnusableResponse(response, "the calendar of an anonymous caller")
}

// logIn begins a session with the login form. The cookies are valid for one server, or for single sign-on.
func (s *session) logIn(ctx context.Context) error {
	req, err := s.request(ctx, http.MethodPost, "/names.nsf?Login", url.Values{
		"Username": {s.Account.Setting(username)}, "Password": {s.Account.Credentials[password]}, "RedirectTo": {ownCalendar},
	})
	if err != nil {
		return err
	}
	client := *s.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := call.Send(&client, req)
	if err != nil {
		return s.Classifier.Unreachable(err)
	}
	cookies := sessionCookies(response.Header)
	if len(cookies) == 0 || isLoginForm(response) { // cookies with the form belong to no session
		return s.loginFault(response)
	}
	s.cookies = cookies
	return nil
}

// sessionCookies returns the cookies of a session, one of each name: the last (RFC 6265, 5.3).
func sessionCookies(h http.Header) []*http.Cookie {
	var kept []*http.Cookie
	for _, cookie := range (&http.Response{Header: h}).Cookies() {
		if isSessionCookie(cookie) {
			kept = slices.DeleteFunc(kept, func(other *http.Cookie) bool { return strings.EqualFold(other.Name, cookie.Name) })
			kept = append(kept, cookie)
		}
	}
	return kept
}

// maxCookieSize limits the cookie of a session, in bytes.
const maxCookieSize = 8 << 10

func isSessionCookie(c *http.Cookie) bool {
	known := slices.ContainsFunc([]string{"DomAuthSessId", "LtpaToken", "LtpaToken2"}, func(name string) bool {
		return strings.EqualFold(name, c.Name)
	})
	return known && c.Value != "" && len(c.Value) <= maxCookieSize
}

// loginFault returns the reason why a login began no session.
func (s *session) loginFault(response call.Response) error {
	to, err := response.URL.Parse(response.Header.Get("Location"))
	switch {
	case isLoginForm(response):
		return loginFormFault(response, "Domino returned its login form again: it rejected the user name and the Internet password.")
	case offersBasic(response):
		return &target.Fault{
			Code: target.Misconfigured, Field: authentication,
			Message: target.Say("The server requires Basic: set authentication to basic, or leave it out."),
		}
	case err == nil && !strings.EqualFold(to.Host, response.URL.Host):
		return s.Classifier.Unreachable(call.NewRedirectError(to))
	case response.Status >= 300 && response.Status < 400:
		return s.Classifier.UnusableResponse(response, "without the cookie of a session")
	}
	if fault := s.Classifier.FaultOf(response, parseError(response)); fault != nil {
		return fault
	}
	return s.Classifier.UnusableResponse(response, "without the cookie of a session")
}
