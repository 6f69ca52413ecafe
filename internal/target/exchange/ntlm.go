package exchange

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	ntlmv2 "github.com/terraform-provider-riva/terraform-provider-riva/internal/target/ntlm"
)

// ntlmSchemes are the names of NTLM in challenges, in the order in which they are used.
var ntlmSchemes = []string{"ntlm", "negotiate"}

// errHandshake is the error of a server that requested NTLM and then did not complete the handshake. The proof of the
// password was not sent.
var errHandshake = errors.New("the NTLM handshake was not completed")

// passwordTransport signs in with the Basic credentials of a request: with NTLM if the server offers it, and with Basic if that
// is allowed and NTLM is not offered. The first call of a session has no credentials. After NTLM, the session never uses Basic.
//
// With NTLM, the password itself is never sent; a proof of it is sent once for each connection. Over TLS, the proof is bound to
// the certificate of the server, as Extended Protection requires; a server without it ignores that.
//
// The messages on a connection must be sequential. They are: responses are read completely before they are returned, so the
// connection is free for the next message.
type passwordTransport struct {
	next http.RoundTripper
	// basic allows Basic.
	basic bool
	// used is the scheme in use, ntlm or basic; empty until the server has requested a sign-in.
	used string
}

// RoundTrip sends a request, after the handshake if there is one.
func (t *passwordTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if _, _, ok := req.BasicAuth(); !ok || t.used == basic {
		return t.next.RoundTrip(req)
	}
	resp, err := t.send(req, "")
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, err
	}
	scheme := ntlmScheme(resp.Header)
	switch {
	case scheme != "":
		t.used = ntlm
		return t.handshake(req, resp, scheme)
	case t.basic && t.used == "" && offers(resp.Header, basic):
		t.used = basic
		return t.answer(req, resp, req.Header.Get("Authorization"))
	}
	return resp, nil
}

// handshake proves the password with NTLM, under the name that the server has for it.
func (t *passwordTransport) handshake(req *http.Request, resp *http.Response, scheme string) (*http.Response, error) {
	resp, err := t.answer(req, resp, authorization(scheme, ntlmv2.Negotiate()))
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, err
	}
	challenge, err := readChallenge(resp.Header, scheme)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", errHandshake, err), resp.Body.Close())
	}
	user, password, _ := req.BasicAuth()
	login := ntlmv2.Login{User: user, Password: password, Service: "HTTP/" + req.URL.Hostname(), Now: time.Now}
	if resp.TLS != nil && len(resp.TLS.PeerCertificates) > 0 {
		login.Binding = ntlmv2.ChannelBinding(resp.TLS.PeerCertificates[0])
	}
	return t.answer(req, resp, authorization(scheme, challenge.Authenticate(login)))
}

// authorization is the header with a message of the handshake.
func authorization(scheme string, message []byte) string {
	return scheme + " " + base64.StdEncoding.EncodeToString(message)
}

// answer sends the request again with an authorization, after the previous response.
func (t *passwordTransport) answer(req *http.Request, previous *http.Response, authorization string) (*http.Response, error) {
	if err := previous.Body.Close(); err != nil {
		return nil, fmt.Errorf("close the response before the next message: %w", err)
	}
	return t.send(req, authorization)
}

// send sends the request with another authorization; none if it is empty.
func (t *passwordTransport) send(req *http.Request, authorization string) (*http.Response, error) {
	again := req.Clone(req.Context())
	again.Header.Del("Authorization")
	if authorization != "" {
		again.Header.Set("Authorization", authorization)
	}
	if req.GetBody != nil { // all requests have it, but those without a body
		body, err := req.GetBody()
		if err != nil {
			return nil, fmt.Errorf("repeat the body of the request: %w", err)
		}
		again.Body = body
	}
	return t.next.RoundTrip(again)
}

// ntlmScheme returns the name under which a server offers NTLM; empty if it does not.
func ntlmScheme(h http.Header) string {
	offered := call.Schemes(h)
	for _, name := range ntlmSchemes {
		if i := slices.IndexFunc(offered, func(o string) bool { return strings.EqualFold(o, name) }); i >= 0 {
			return offered[i]
		}
	}
	return ""
}

// readChallenge reads the server's message of a scheme.
func readChallenge(h http.Header, scheme string) (*ntlmv2.Challenge, error) {
	for _, value := range h.Values("WWW-Authenticate") {
		name, token, _ := strings.Cut(strings.TrimSpace(call.Start(value)), " ")
		if !strings.EqualFold(name, scheme) || token == "" {
			continue
		}
		message, err := base64.StdEncoding.DecodeString(strings.TrimSpace(token))
		if err != nil {
			return nil, ntlmv2.ErrMalformed
		}
		return ntlmv2.ParseChallenge(message)
	}
	return nil, errors.New("the server sent no challenge")
}
