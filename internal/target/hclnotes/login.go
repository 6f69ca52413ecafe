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

// ask finds out how the server lets people in, with a call that shows no credentials.
func (s *session) ask(ctx context.Context) (string, error) {
	req, err := s.request(ctx, http.MethodGet, ownCalendar, nil)
	if err != nil {
		return "", err
	}
	answer, err := call.Send(s.http, req)
	switch {
	case err != nil:
		return "", ofServer().Unreachable(err)
	case asksForBasic(answer):
		return basic, nil
	case isLoginForm(answer):
		return viaSession, nil
	case answer.Status == http.StatusUnauthorized:
		return "", &target.Fault{
			Code: target.Misconfigured, Field: serverURL,
			Message: "The server neither asks for Basic nor has Domino's login form.",
		}
	}
	if fault := ofServer().FaultOf(answer, parseError(answer)); fault != nil {
		return "", disabled(fault)
	}
	return "", ofServer().UnusableResponse(answer, "for everybody, where Domino asks who calls")
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
		return ofServer().Unreachable(err)
	}
	cookies := sessionIn(answer.Header)
	for _, cookie := range cookies {
		s.account.Tokens.Mask(cookie.Value)
	}
	if len(cookies) == 0 || isLoginForm(answer) { // what comes with the form is nobody's session
		return s.notLoggedIn(answer)
	}
	s.cookies = cookies
	return nil
}

// sessionIn are the cookies of a session that a server hands out, one of each name: the last (RFC 6265, 5.3).
func sessionIn(h http.Header) []*http.Cookie {
	var kept []*http.Cookie
	for _, cookie := range (&http.Response{Header: h}).Cookies() {
		if isSession(cookie) {
			kept = slices.DeleteFunc(kept, func(other *http.Cookie) bool { return strings.EqualFold(other.Name, cookie.Name) })
			kept = append(kept, cookie)
		}
	}
	return kept
}

// longestCookie is more than any session's cookie has, in bytes.
const longestCookie = 8 << 10

func isSession(c *http.Cookie) bool {
	known := slices.ContainsFunc([]string{"DomAuthSessId", "LtpaToken", "LtpaToken2"}, func(name string) bool {
		return strings.EqualFold(name, c.Name)
	})
	return known && c.Value != "" && len(c.Value) <= longestCookie
}

// notLoggedIn says why the login form's answer is without a session.
func (s *session) notLoggedIn(answer call.Response) error {
	to, err := answer.URL.Parse(answer.Header.Get("Location"))
	switch {
	case isLoginForm(answer):
		return refused(answer, "Domino answered with its login form again: it does not take the user name and the Internet password.")
	case asksForBasic(answer):
		return &target.Fault{
			Code: target.Misconfigured, Field: authentication,
			Message: "The server asks for Basic: set authentication to basic, or leave it out.",
		}
	case err == nil && !strings.EqualFold(to.Host, answer.URL.Host):
		return ofServer().Unreachable(call.NewRedirectError(to))
	case answer.Status >= 300 && answer.Status < 400:
		return ofServer().UnusableResponse(answer, "without the cookie of a session")
	}
	if fault := ofServer().FaultOf(answer, parseError(answer)); fault != nil {
		return fault
	}
	return ofServer().UnusableResponse(answer, "without the cookie of a session")
}
