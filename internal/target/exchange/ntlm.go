package exchange

import (
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/Azure/go-ntlmssp"
)

// ntlmSchemes are the names under which NTLM is offered.
var ntlmSchemes = []string{"ntlm", "negotiate"}

// errHandshake is a server that asked for NTLM and then did not bring the handshake to an end. The proof of the password
// was not sent.
var errHandshake = errors.New("the NTLM handshake was not completed")

// ntlmTransport signs connections in with NTLM where the server asks for it, with the credentials that a request carries as
// Basic. The password itself is never sent, and a proof of it once for each connection.
//
// The messages on a connection must follow one another. They do: answers are read whole before they are returned, so the
// connection is free again for the next message.
type ntlmTransport struct{ next http.RoundTripper }

// RoundTrip sends a request, with the handshake before it if there is one to make. Underneath, a handshake that fails
// half-way, or does not begin, looks like a refusal of the credentials; here it is told apart, since nobody may be blamed
// for a wrong password that was never looked at.
func (h *ntlmTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	watcher, hasCredentials := &handshakeWatcher{next: h.next}, req.Header.Get("Authorization") != ""
	resp, err := ntlmssp.Negotiator{RoundTripper: watcher}.RoundTrip(req)
	switch {
	case err != nil:
		return nil, err
	case watcher.err != nil:
		return nil, errors.Join(watcher.err, resp.Body.Close())
	case resp.StatusCode == http.StatusUnauthorized && hasCredentials && !watcher.authenticated && (watcher.started || offersNTLM(resp.Header)):
		return nil, errors.Join(errHandshake, resp.Body.Close())
	}
	return resp, nil
}

// offersNTLM tells a server that signs in with NTLM, however it writes that: the library knows one way of writing.
func offersNTLM(h http.Header) bool {
	return slices.ContainsFunc(challenges(h), func(scheme string) bool { return slices.Contains(ntlmSchemes, scheme) })
}

// handshakeWatcher watches the messages of one handshake.
type handshakeWatcher struct {
	next http.RoundTripper
	// asked and proved tell whether NTLM began, and whether the proof was sent.
	started, authenticated bool
	err                    error
}

func (l *handshakeWatcher) RoundTrip(req *http.Request) (*http.Response, error) {
	switch messageType(req.Header.Get("Authorization")) {
	case 1:
		l.started = true
	case 3:
		l.authenticated = true
	}
	resp, err := l.next.RoundTrip(req)
	if err != nil {
		l.err = err
	}
	return resp, err
}

// messageType reads the type of an NTLM message, which its ninth byte tells; 0 if it is none.
func messageType(authorization string) byte {
	_, token, _ := strings.Cut(authorization, " ")
	message, err := base64.StdEncoding.DecodeString(token)
	if err != nil || len(message) < 9 || !strings.HasPrefix(string(message), "NTLMSSP\x00") {
		return 0
	}
	return message[8]
}
