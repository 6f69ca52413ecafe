package exchange

import (
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/Azure/go-ntlmssp"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// ntlmSchemes are the names of NTLM in challenges.
var ntlmSchemes = []string{"ntlm", "negotiate"}

// errHandshake is the error of a server that requested NTLM and then did not complete the handshake. The proof of the
// password was not sent.
var errHandshake = errors.New("the NTLM handshake was not completed")

// ntlmTransport authenticates connections with NTLM if the server requests it, with the Basic credentials of a request. The
// password itself is never sent; a proof of it is sent once for each connection.
//
// The messages on a connection must be sequential. They are: responses are read completely before they are returned, so the
// connection is free for the next message.
type ntlmTransport struct{ next http.RoundTripper }

// RoundTrip sends a request, after the handshake if there is one. In the library, a handshake that fails half-way, or does not
// begin, looks like rejected credentials; here it is a separate error, since the server has not checked the password.
func (t *ntlmTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	watcher, hasCredentials := &handshakeWatcher{next: t.next}, req.Header.Get("Authorization") != ""
	resp, err := ntlmssp.Negotiator{RoundTripper: watcher}.RoundTrip(req)
	switch {
	case err != nil:
		return nil, err
	case watcher.err != nil:
		return nil, errors.Join(watcher.err, resp.Body.Close())
	case resp.StatusCode == http.StatusUnauthorized && hasCredentials && !watcher.authenticated &&
		(watcher.started || offersNTLM(resp.Header)):
		return nil, errors.Join(errHandshake, resp.Body.Close())
	}
	return resp, nil
}

// offersNTLM reports whether a server offers NTLM, in any spelling: the library recognizes only one.
func offersNTLM(h http.Header) bool {
	return slices.ContainsFunc(call.Schemes(h), func(scheme string) bool { return isScheme(scheme, ntlmSchemes) })
}

// handshakeWatcher observes the messages of one handshake.
type handshakeWatcher struct {
	next http.RoundTripper
	// started reports that NTLM began, and authenticated that the proof was sent.
	started, authenticated bool
	err                    error
}

func (w *handshakeWatcher) RoundTrip(req *http.Request) (*http.Response, error) {
	switch messageType(req.Header.Get("Authorization")) {
	case 1:
		w.started = true
	case 3:
		w.authenticated = true
	}
	resp, err := w.next.RoundTrip(req)
	if err != nil {
		w.err = err
	}
	return resp, err
}

// messageType returns the type of an NTLM message, its ninth byte; 0 if it is not an NTLM message.
func messageType(authorization string) byte {
	_, token, _ := strings.Cut(authorization, " ")
	message, err := base64.StdEncoding.DecodeString(token)
	if err != nil || len(message) < 9 || !strings.HasPrefix(string(message), "NTLMSSP\x00") {
		return 0
	}
	return message[8]
}
