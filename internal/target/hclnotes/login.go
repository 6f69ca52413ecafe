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
	answer, err := call.Send(s.http, req)
	switch {
	case err != nil:
		return "", serverClassifier().Unreachable(err)
	case offersBasic(answer):
		return basic, nil
	case isLoginForm(answer):
		return sessionAuth, nil
	case answer.Status == http.StatusUnauthorized:
		return "", &target.Fault{
			Code: target.Misconfigured, Field: serverURL,
			Message: "The server neither asks for Basic nor has Domino's login form.",
		}
	}
	if fault := serverClassifier().FaultOf(answer, parseError(answer)); fault != nil {
		return "", serviceDisabledFault(fault)
	}
	return "", serverClassifier().UnusableResponse(answer, "for everybody, where Domino asks who calls")
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
	answer, err := call.Send(&client, req)
	if err != nil {
		return serverClassifier().Unreachable(err)
	}
	cookies := sessionCookies(answer.Header)
	for _, cookie := range cookies {
		s.account.Tokens.Mask(cookie.Value)
	}
	if len(cookies) == 0 || isLoginForm(answer) { // what comes with the form is nobody's session
		return s.loginFault(answer)
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
func (s *session) loginFault(answer call.Response) error {
	to, err := answer.URL.Parse(answer.Header.Get("Location"))
	switch {
	case isLoginForm(answer):
		return loginFormFault(answer, "Domino answered with its login form again: it does not take the user name and the Internet password.")
	case offersBasic(answer):
		return &target.Fault{
			Code: target.Misconfigured, Field: authentication,
			Message: "The server asks for Basic: set authentication to basic, or leave it out.",
		}
	case err == nil && !strings.EqualFold(to.Host, answer.URL.Host):
		return serverClassifier().Unreachable(call.NewRedirectError(to))
	case answer.Status >= 300 && answer.Status < 400:
		return serverClassifier().UnusableResponse(answer, "without the cookie of a session")
	}
	if fault := serverClassifier().FaultOf(answer, parseError(answer)); fault != nil {
		return fault
	}
	return serverClassifier().UnusableResponse(answer, "without the cookie of a session")
}
