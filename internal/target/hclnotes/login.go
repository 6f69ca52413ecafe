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

// detectAuthentication finds out how the server lets people in, with a call that shows no credentials.
func (s *session) detectAuthentication(ctx context.Context) (string, error) {
	req, err := s.request(ctx, http.MethodGet, ownCalendar, nil)
	if err != nil {
		return "", err
	}
	response, err := call.Send(s.http, req)
	switch {
	case err != nil:
		return "", serverClassifier().Unreachable(err)
	case offersBasic(response):
		return basic, nil
	case isLoginForm(response):
		return sessionAuth, nil
	case response.Status == http.StatusUnauthorized:
		return "", &target.Fault{
			Code: target.Misconfigured, Field: serverURL,
			Message: "The server neither asks for Basic nor has Domino's login form.",
		}
	}
	if fault := serverClassifier().FaultOf(response, parseError(response)); fault != nil {
		return "", serviceDisabledFault(fault)
	}
	return "", serverClassifier().UnusableResponse(response, "for everybody, where Domino asks who calls")
}

// logIn begins a session with the login form. Its cookies are those of one server or of single sign-on.
func (s *session) logIn(ctx context.Context) error {
	req, err := s.request(ctx, http.MethodPost, "/names.nsf?Login", url.Values{
		"Username": {s.account.Setting(username)}, "Password": {s.account.Credentials[password]}, "RedirectTo": {ownCalendar},
	})
	if err != nil {
		return err
	}
	client := *s.http
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := call.Send(&client, req)
	if err != nil {
		return serverClassifier().Unreachable(err)
	}
	cookies := sessionCookies(response.Header)
	for _, cookie := range cookies {
		s.account.Tokens.Mask(cookie.Value)
	}
	if len(cookies) == 0 || isLoginForm(response) { // what comes with the form is nobody's session
		return s.loginFault(response)
	}
	s.cookies = cookies
	return nil
}

// sessionCookies are the cookies of a session that a server hands out, one of each name: the last (RFC 6265, 5.3).
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

// maxCookieSize is more than any session's cookie has, in bytes.
const maxCookieSize = 8 << 10

func isSessionCookie(c *http.Cookie) bool {
	known := slices.ContainsFunc([]string{"DomAuthSessId", "LtpaToken", "LtpaToken2"}, func(name string) bool {
		return strings.EqualFold(name, c.Name)
	})
	return known && c.Value != "" && len(c.Value) <= maxCookieSize
}

// loginFault says why the login form's answer is without a session.
func (s *session) loginFault(response call.Response) error {
	to, err := response.URL.Parse(response.Header.Get("Location"))
	switch {
	case isLoginForm(response):
		return loginFormFault(response, "Domino answered with its login form again: it does not take the user name and the Internet password.")
	case offersBasic(response):
		return &target.Fault{
			Code: target.Misconfigured, Field: authentication,
			Message: "The server asks for Basic: set authentication to basic, or leave it out.",
		}
	case err == nil && !strings.EqualFold(to.Host, response.URL.Host):
		return serverClassifier().Unreachable(call.NewRedirectError(to))
	case response.Status >= 300 && response.Status < 400:
		return serverClassifier().UnusableResponse(response, "without the cookie of a session")
	}
	if fault := serverClassifier().FaultOf(response, parseError(response)); fault != nil {
		return fault
	}
	return serverClassifier().UnusableResponse(response, "without the cookie of a session")
}
