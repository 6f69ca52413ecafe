package netsuite

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Scheme is how sign-ins are recorded: OAuth 1.0a, each request for itself.
const Scheme = "oauth1"

// leeway is how far clocks may be apart (NetSuite help, "Error Messages for the TBA Authorization Flow").
const leeway = 5 * time.Minute

// signInError is why nobody is signed in.
type signInError struct {
	code   string // as NetSuite's help names it; the client is told only where the account is Detailed
	reason string // for the record
}

// signIn verifies a request: who signed it, for which account, when, and whether for the first time.
func (s *Server) signIn(call *sandbox.Call) *signInError {
	given, err := authorization(call.Request.Header.Get("Authorization"))
	attempt := sandbox.SignIn{Scheme: Scheme, User: value(given, "oauth_token"), Secret: value(given, "oauth_signature")}
	refused := &signInError{"MissingTokenPassportRequiredFields", "no authorization that can be read"}
	if f, scripted := call.Fault(KindLoginError); scripted {
		refused = &signInError{f.Code, "scripted"}
	} else if err == nil {
		refused = s.verify(call, given)
	}
	if refused != nil {
		attempt.Reason = refused.code + ": " + refused.reason
	}
	attempt.Accepted = refused == nil
	call.RecordSignIn(attempt)
	return refused
}

// verify goes from what is told to what is proved.
func (s *Server) verify(call *sandbox.Call, given []parameter) *signInError {
	for _, check := range []func(*sandbox.Call, []parameter) *signInError{s.verifyForm, s.verifyNames, s.verifyTime, s.verifySignature} {
		if refused := check(call, given); refused != nil {
			return refused
		}
	}
	return s.verifyUser()
}

// verifyForm looks at what has to be there.
func (s *Server) verifyForm(_ *sandbox.Call, given []parameter) *signInError {
	for _, name := range []string{
		"realm", "oauth_consumer_key", "oauth_token", "oauth_signature_method", "oauth_timestamp", "oauth_nonce", "oauth_signature",
	} {
		if value(given, name) == "" {
			return &signInError{"MissingTokenPassportRequiredFields", "no " + name}
		}
	}
	switch version := value(given, "oauth_version"); {
	case version != "" && version != "1.0":
		return &signInError{"version_rejected", "version " + version}
	case value(given, "oauth_signature_method") != "HMAC-SHA256":
		return &signInError{"signature_method_rejected", "signed with " + value(given, "oauth_signature_method")}
	}
	return nil
}

// verifyNames looks for the account, the application and the token.
func (s *Server) verifyNames(_ *sandbox.Call, given []parameter) *signInError {
	switch integration, token := s.state.integration, s.state.token; {
	case value(given, "realm") != s.state.account.ID:
		return &signInError{"token_rejected", "for the account " + value(given, "realm")}
	case !s.state.account.TokenBased:
		return &signInError{"FeatureDisabled", "the account has no token-based authentication"}
	case value(given, "oauth_consumer_key") != integration.ConsumerKey:
		return &signInError{"consumer_key_unknown", "no such integration"}
	case !integration.Enabled:
		return &signInError{"consumer_key_refused", "the integration is blocked"}
	case value(given, "oauth_token") != token.ID:
		return &signInError{"token_unknown", "no such token"}
	case token.Revoked:
		return &signInError{"token_rejected", "the token is revoked"}
	}
	return nil
}

// nonceForm is what a nonce looks like (NetSuite help, "TokenPassport Complex Type").
var nonceForm = regexp.MustCompile(`^[A-Za-z0-9]{6,64}$`)

// verifyTime looks at timestamp and nonce.
func (s *Server) verifyTime(_ *sandbox.Call, given []parameter) *signInError {
	seconds, err := strconv.ParseInt(value(given, "oauth_timestamp"), 10, 64)
	if apart := s.now().Sub(time.Unix(seconds, 0)).Abs(); err != nil || apart > leeway {
		return &signInError{"timestamp_refused", "the clocks are apart by " + apart.String()}
	}
	if !nonceForm.MatchString(value(given, "oauth_nonce")) {
		return &signInError{"nonce_rejected", "no nonce of 6 to 64 letters and digits"}
	}
	return nil
}

// verifySignature looks at the proof, and takes each one once.
func (s *Server) verifySignature(call *sandbox.Call, given []parameter) *signInError {
	base, err := baseString(call.Request, call.Body, given)
	if err != nil || !isSigned(base, value(given, "oauth_signature"), s.state.integration.Secret, s.state.token.Secret) {
		return &signInError{"signature_invalid", "not signed with both secrets"}
	}
	once := strings.Join([]string{value(given, "oauth_token"), value(given, "oauth_timestamp"), value(given, "oauth_nonce")}, " ")
	if s.state.nonces[once] {
		return &signInError{"nonce_used", "sent before"}
	}
	s.state.nonces[once] = true
	return nil
}

// verifyUser looks at whom the token is for.
func (s *Server) verifyUser() *signInError {
	switch user := s.state.employee(s.state.token.User); {
	case user == nil || user.Inactive:
		return &signInError{"token_rejected", "the user is inactive"}
	case user.Locked:
		return &signInError{"temporarily_locked", "the user is locked"}
	case !s.state.role.AccessTokens:
		return &signInError{"permission_denied", "the role lacks Log in using Access Tokens"}
	}
	return nil
}

// permits tells whether the role may view the records of a type, and the permission that this takes.
func (r Role) permits(record string) (permission string, permitted bool) {
	needed := map[string]struct {
		permission string
		has        bool
	}{
		"contact": {"Contacts", r.Contacts}, "calendarEvent": {"Events", r.Calendar}, "message": {"Track Messages", r.Mail},
		"employee": {"Employees", r.Employees},
	}[record]
	return needed.permission, needed.permission == "" || needed.has
}

// knows tells whether there is such a record type.
func (s *state) knows(record string) bool { return slices.Contains(s.types, record) }
