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

// ntlmTransport authenticates connections with NTLM if the server requests it, with the Basic credentials of a request. The
// password itself is never sent; a proof of it is sent once for each connection. Over TLS, the proof is bound to the certificate
// of the server, as Extended Protection requires; a server without it ignores that.
//
// The messages on a connection must be sequential. They are: responses are read completely before they are returned, so the
// connection is free for the next message.
type ntlmTransport struct{ next http.RoundTripper }

// RoundTrip sends a request, after the handshake if there is one.
func (t *ntlmTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	user, password, ok := req.BasicAuth()
	if !ok {
		return t.next.RoundTrip(req)
	}
	resp, err := t.send(req, "")
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, err
	}
	scheme := ntlmScheme(resp.Header)
	if scheme == "" {
		return resp, nil
	}
	if resp, err = t.answer(req, resp, scheme, ntlmv2.Negotiate()); err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, err
	}
	challenge, err := readChallenge(resp.Header, scheme)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", errHandshake, err), resp.Body.Close())
	}
	login := ntlmv2.Login{User: user, Password: password, Service: "HTTP/" + req.URL.Hostname(), Now: time.Now}
	if resp.TLS != nil && len(resp.TLS.PeerCertificates) > 0 {
		login.Binding = ntlmv2.ChannelBinding(resp.TLS.PeerCertificates[0])
	}
	return t.answer(req, resp, scheme, challenge.Authenticate(login))
}

// answer sends the request with the next message of the handshake, after the previous response.
func (t *ntlmTransport) answer(req *http.Request, previous *http.Response, scheme string, message []byte) (
	*http.Response, error,
) {
	if err := previous.Body.Close(); err != nil {
		return nil, fmt.Errorf("close the response before the next message: %w", err)
	}
	return t.send(req, scheme+" "+base64.StdEncoding.EncodeToString(message))
}

// send sends the request with another authorization; none if it is empty.
func (t *ntlmTransport) send(req *http.Request, authorization string) (*http.Response, error) {
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
