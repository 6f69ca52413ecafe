package netsuite

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Scheme is the scheme of recorded sign-ins: OAuth 1.0a. Each request is a sign-in.
const Scheme = "oauth1"

// leeway is the maximum difference between clocks (NetSuite help, "Error Messages for the TBA Authorization Flow").
const leeway = 5 * time.Minute

// signInError is the reason of a rejected sign-in.
type signInError struct {
	code   string // as in NetSuite's help; the client gets it only if the account is Detailed
	reason string // for the record
}

// signIn verifies a request: the signature, the account, the time, and that it was not sent before.
func (s *Server) signIn(call *sandbox.Call) *signInError {
	parameters, err := parseAuthorization(call.Request.Header.Get("Authorization"))
	attempt := sandbox.SignIn{
		Scheme: Scheme, User: valueOf(parameters, "oauth_token"), Secret: valueOf(parameters, "oauth_signature"),
	}
	signInErr := &signInError{"MissingTokenPassportRequiredFields", "no valid authorization header"}
	if f, scripted := call.Fault(KindLoginError); scripted {
		signInErr = &signInError{f.Code, "scripted"}
	} else if err == nil {
		signInErr = s.verify(call, parameters)
	}
	if signInErr != nil {
		attempt.Reason = signInErr.code + ": " + signInErr.reason
	}
	attempt.Accepted = signInErr == nil
	call.RecordSignIn(attempt)
	return signInErr
}

// verify runs the checks, from the parameters to the signature and the user.
func (s *Server) verify(call *sandbox.Call, parameters []parameter) *signInError {
	for _, check := range []func(*sandbox.Call, []parameter) *signInError{
		s.verifyParameters, s.verifyIdentifiers, s.verifyTime, s.verifySignature,
	} {
		if signInErr := check(call, parameters); signInErr != nil {
			return signInErr
		}
	}
	return s.verifyUser()
}

// verifyParameters checks the required parameters.
func (s *Server) verifyParameters(_ *sandbox.Call, parameters []parameter) *signInError {
	for _, name := range []string{
		"realm", "oauth_consumer_key", "oauth_token", "oauth_signature_method", "oauth_timestamp", "oauth_nonce", "oauth_signature",
	} {
		if valueOf(parameters, name) == "" {
			return &signInError{"MissingTokenPassportRequiredFields", "no " + name}
		}
	}
	switch version := valueOf(parameters, "oauth_version"); {
	case version != "" && version != "1.0":
		return &signInError{"version_rejected", "version " + version}
	case valueOf(parameters, "oauth_signature_method") != "HMAC-SHA256":
		return &signInError{"signature_method_rejected", "signed with " + valueOf(parameters, "oauth_signature_method")}
	}
	return nil
}

// verifyIdentifiers checks the account, the application and the token.
func (s *Server) verifyIdentifiers(_ *sandbox.Call, parameters []parameter) *signInError {
	switch integration, token := s.state.integration, s.state.token; {
	case valueOf(parameters, "realm") != s.state.account.ID:
		return &signInError{"token_rejected", "for account " + valueOf(parameters, "realm")}
	case !s.state.account.TokenBased:
		return &signInError{"FeatureDisabled", "the account has no token-based authentication"}
	case valueOf(parameters, "oauth_consumer_key") != integration.ConsumerKey:
		return &signInError{"consumer_key_unknown", "unknown integration"}
	case !integration.Enabled:
		return &signInError{"consumer_key_refused", "the integration is blocked"}
	case valueOf(parameters, "oauth_token") != token.ID:
		return &signInError{"token_unknown", "unknown token"}
	case token.Revoked:
		return &signInError{"token_rejected", "the token is revoked"}
	}
	return nil
}

// nonceForm matches a valid nonce (NetSuite help, "TokenPassport Complex Type").
var nonceForm = regexp.MustCompile(`^[A-Za-z0-9]{6,64}$`)

// verifyTime checks timestamp and nonce.
func (s *Server) verifyTime(_ *sandbox.Call, parameters []parameter) *signInError {
	seconds, err := strconv.ParseInt(valueOf(parameters, "oauth_timestamp"), 10, 64)
	if apart := s.Now().Sub(time.Unix(seconds, 0)).Abs(); err != nil || apart > leeway {
		return &signInError{"timestamp_refused", "the clocks differ by " + apart.String()}
	}
	if !nonceForm.MatchString(valueOf(parameters, "oauth_nonce")) {
		return &signInError{"nonce_rejected", "the nonce does not have 6 to 64 letters and digits"}
	}
	return nil
}

// verifySignature checks the signature, and accepts each one only once.
func (s *Server) verifySignature(call *sandbox.Call, parameters []parameter) *signInError {
	base, err := baseString(call.Request, call.Body, parameters)
	if err != nil || !isSigned(base, valueOf(parameters, "oauth_signature"), s.state.integration.Secret, s.state.token.Secret) {
		return &signInError{"signature_invalid", "not signed with both secrets"}
	}
	key := strings.Join([]string{
		valueOf(parameters, "oauth_token"), valueOf(parameters, "oauth_timestamp"), valueOf(parameters, "oauth_nonce"),
	}, " ")
	if s.state.nonces[key] {
		return &signInError{"nonce_used", "sent before"}
	}
	s.state.nonces[key] = true
	return nil
}

// verifyUser checks the user of the token.
func (s *Server) verifyUser() *signInError {
	switch user := s.Find(s.state.token.User); {
	case user == nil || user.Inactive:
		return &signInError{"token_rejected", "the user is inactive"}
	case user.Locked:
		return &signInError{"temporarily_locked", "the user is locked"}
	case !s.state.role.AccessTokens:
		return &signInError{"permission_denied", "the role does not have Log in using Access Tokens"}
	}
	return nil
}
