package exchange

import (
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ntlm"
)

// session is the NTLM state of a connection: first the challenge that waits for its proof, then the account that signed
// in. After that the requests of the connection need no credentials.
type session struct {
	challenge *ntlm.Challenge
	principal string
}

func sessionOf(conn *sandbox.Conn) *session {
	state, _ := conn.State.(*session)
	if state == nil {
		state = &session{}
		conn.State = state
	}
	return state
}

// signIn returns the calling account, or the response that rejects the call. IIS does not return the reason: a wrong
// password, an unknown, a locked and a disabled account all get the same page.
func (s *Server) signIn(call *sandbox.Call) (ews.Account, *sandbox.Response) {
	state := sessionOf(call.Conn)
	certificate, rejection := s.clientCertificate(call)
	if rejection != nil {
		return ews.Account{}, rejection
	}
	header := call.Request.Header.Get("Authorization")
	scheme, token, _ := strings.Cut(header, " ")
	switch {
	case header == "" && state.principal != "":
		if account, err := s.directory.User(state.principal); err == nil {
			return account, nil
		}
	case header == "" && certificate != nil && s.offers(Certificate):
		if account, ok := s.accountOfCertificate(call, certificate); ok {
			return account, nil
		}
	case strings.EqualFold(scheme, "Basic") && s.offers(Basic):
		if account, ok := s.basic(call); ok {
			return account, nil
		}
	case (strings.EqualFold(scheme, "NTLM") || strings.EqualFold(scheme, "Negotiate")) && s.offers(NTLM):
		return s.handshake(call, state, scheme, token)
	}
	return ews.Account{}, s.unauthorized()
}

func (s *Server) offers(scheme Scheme) bool { return slices.Contains(*s.offered.Load(), scheme) }

func (s *Server) basic(call *sandbox.Call) (ews.Account, bool) {
	user, password, ok := call.Request.BasicAuth()
	if !ok {
		return ews.Account{}, false
	}
	domain, name, found := strings.Cut(user, `\`)
	if !found {
		domain, name = "", user
	}
	account, reason := s.directory.SignIn(domain, name, func(want string) bool {
		return subtle.ConstantTimeCompare([]byte(password), []byte(want)) == 1
	})
	call.RecordSignIn(sandbox.SignIn{
		Scheme: string(Basic), User: user, Secret: password, Accepted: reason == "", Reason: reason,
	})
	return account, reason == ""
}

// handshake serves one step of NTLM: the negotiate message gets a challenge, and the proof for the challenge signs in
// the connection. Clients may name the scheme Negotiate and still speak NTLM.
func (s *Server) handshake(call *sandbox.Call, state *session, scheme, token string) (ews.Account, *sandbox.Response) {
	state.principal = ""
	message, err := base64.StdEncoding.DecodeString(strings.TrimSpace(token))
	if err != nil {
		return ews.Account{}, s.unauthorized()
	}
	kind, err := ntlm.MessageType(message)
	if err != nil {
		return ews.Account{}, s.unauthorized()
	}
	challenge := state.challenge
	state.challenge = nil
	switch {
	case kind == ntlm.TypeNegotiate:
		names := ntlm.Names{Domain: ews.Domain, Computer: "EX1", DNSDomain: ews.DNSDomain}
		state.challenge = ntlm.NewChallenge(names, message, s.now())
		reply := scheme + " " + base64.StdEncoding.EncodeToString(state.challenge.Message())
		return ews.Account{}, &sandbox.Response{
			Status: http.StatusUnauthorized, Header: http.Header{"Www-Authenticate": {reply}},
		}
	case kind == ntlm.TypeAuthenticate && challenge != nil:
		proof, err := challenge.Proof(message)
		if err != nil {
			return ews.Account{}, s.unauthorized()
		}
		account, reason := s.directory.SignIn(proof.Domain, proof.User, proof.Matches)
		if reason == "" && !s.protection.Accepts(proof.Binding(), s.ServerCertificate()) {
			reason = "channel binding"
		}
		user := proof.User
		if proof.Domain != "" {
			user = proof.Domain + `\` + proof.User
		}
		call.RecordSignIn(sandbox.SignIn{Scheme: string(NTLM), User: user, Accepted: reason == "", Reason: reason})
		if reason == "" {
			state.principal = account.Principal
			return account, nil
		}
	}
	return ews.Account{}, s.unauthorized()
}

// unauthorized offers the schemes, as IIS does.
func (s *Server) unauthorized() *sandbox.Response {
	var offers []string
	if s.offers(NTLM) {
		offers = append(offers, "Negotiate", "NTLM")
	}
	if s.offers(Basic) {
		offers = append(offers, `Basic realm="127.0.0.1"`)
	}
	page := sandbox.HTML(http.StatusUnauthorized, "401 - Unauthorized",
		"<h2>401 - Unauthorized: Access is denied due to invalid credentials.</h2>")
	page.Header["Www-Authenticate"] = offers
	return &page
}
