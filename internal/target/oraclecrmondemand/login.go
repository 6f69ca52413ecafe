package oraclecrmondemand

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// sessionCookie is the cookie that identifies a session.
const sessionCookie = "JSESSIONID"

// maxCookies limits the cookies of a login: in addition to the session, a load balancer has one or two.
const maxCookies = 16

// login begins a session.
func (s *session) login(ctx context.Context) error {
	s.cookies = nil
	name, secret, encoded := header(withSlash(s.Account.Setting(username))), header(s.Account.Credentials[password]), ""
	if !name.isPlain() || !secret.isPlain() {
		name, secret, encoded = name.encoded(), secret.encoded(), "&isEncoded=Y"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.integration+"?command=login"+encoded, http.NoBody)
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("UserName", string(name))
	req.Header.Set("Password", string(secret))
	response, err := send(s.clientWithoutRedirects(), req)
	if err != nil {
		return err
	}
	if response.Status == http.StatusOK {
		s.setCookies(response.Header)
	}
	if len(s.cookies) > 0 {
		return nil
	}
	return loginFault(response)
}

// clientWithoutRedirects returns a client that follows no redirects, not even on the same host: each would send the password
// again.
func (s *session) clientWithoutRedirects() *http.Client {
	client := *s.Client
	client.CheckRedirect = func(next *http.Request, _ []*http.Request) error { return call.NewRedirectError(next.URL) }
	return &client
}

// setCookies stores the cookies of a login, if a session is among them.
func (s *session) setCookies(h http.Header) {
	var cookies []*http.Cookie
	found := false
	for _, c := range (&http.Response{Header: h}).Cookies() {
		if len(cookies) == maxCookies || c.Value == "" || c.MaxAge < 0 {
			continue
		}
		found = found || c.Name == sessionCookie
		cookies = append(cookies, c)
	}
	if !found {
		return
	}
	s.cookies = cookies
}

// loginFault returns the fault of a login without a session. Oracle has no code for a wrong password, only texts, and uses
// several statuses. Only a known text is certain: a firewall returns the same statuses, with a text of its own or without one.
func loginFault(r call.Response) *target.Fault {
	known := loginClassifier()
	if systemErr := parseError(r); systemErr != nil {
		return faultOf(known, r, systemErr)
	}
	text, plain := plainText(r)
	message := target.Say("The login returned HTTP %d without a session.", r.Status)
	switch {
	case text != "":
		message = target.Say("%s %s", message, text)
	case len(r.Body) == 0:
		message = target.Say("The login returned HTTP %d with an empty response, without a session.", r.Status)
	}
	row, said := known.Errors.Find("", text)
	switch {
	case plain && said:
		return &target.Fault{
			Code: row.Fault, Field: row.Field, NoField: row.NoField, Hint: row.Help, Message: message,
			Certain: row.Certain, Unclear: row.Fault == target.GivenCredentials && !row.Certain,
		}
	case plain && slices.Contains([]int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden}, r.Status):
		return &target.Fault{Code: target.GivenCredentials, Unclear: true, Message: message}
	}
	if fault := known.FaultOf(r, nil); fault != nil {
		return fault
	}
	if len(r.Body) > 0 { // something else answered
		return known.UnexpectedResponse("%s", message)
	}
	return &target.Fault{Code: target.GivenCredentials, Unclear: true, Message: message}
}

// plainText returns the text of a response, if it is short and no markup. It is in the form of a login (ok) unless it is JSON, or
// the response requests an authentication scheme, which Oracle never does: then another server responded.
func plainText(r call.Response) (text string, ok bool) {
	text = strings.TrimSpace(string(r.Body[:min(len(r.Body), maxMessageSize)]))
	if len(r.Body) >= maxMessageSize || r.IsPage() || strings.HasPrefix(text, "<") {
		return "", false
	}
	return text, len(call.Schemes(r.Header)) == 0 && !json.Valid(call.TrimJSON(r.Body))
}

// maxMessageSize is larger than the message of a rejected login.
const maxMessageSize = 1000

// logoff ends the session, also after the context was canceled. It ignores errors: the session expires within minutes.
func (s *session) logoff(ctx context.Context) {
	if len(s.cookies) == 0 {
		return
	}
	ctx, cancel := call.WithCleanUp(ctx)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.integration+"?command=logoff", http.NoBody)
	if err != nil {
		return
	}
	s.addCookies(req)
	s.cookies = nil
	_, _ = send(s.Client, req)
}

// addCookies adds the session to a call.
func (s *session) addCookies(req *http.Request) {
	for _, c := range s.cookies {
		req.AddCookie(c)
	}
}

// send sends a call. An error is a *[target.Fault]: there is no response.
func send(client *http.Client, req *http.Request) (call.Response, error) {
	response, err := call.Send(client, req)
	if err != nil {
		return call.Response{}, classifier().Unreachable(err)
	}
	return response, nil
}

// header is the value of a header.
type header string

// isPlain reports whether a header can transmit the value unchanged: there is no standard for other characters than ASCII,
// and white space at the ends is lost.
func (h header) isPlain() bool {
	return strings.TrimSpace(string(h)) == string(h) &&
		!strings.ContainsFunc(string(h), func(r rune) bool { return r < ' ' || r > '~' })
}

// encoded returns the value for isEncoded: URL-encoded UTF-8. A space becomes %20, which no server reads as a plus.
func (h header) encoded() header {
	return header(strings.ReplaceAll(url.QueryEscape(string(h)), "+", "%20"))
}
