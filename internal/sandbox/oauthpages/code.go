package oauthpages

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/url"
	"time"
)

// The errors of [Pages.Redeem] and [ReadChallenge].
var (
	ErrUnknownCode  = errors.New("unknown code")
	ErrUsedCode     = errors.New("the code was already used")
	ErrExpiredCode  = errors.New("the code is expired")
	ErrRedirectURI  = errors.New("the redirect URI is not the one of the code")
	ErrVerifier     = errors.New("wrong code verifier")
	ErrNoVerifier   = errors.New("no code verifier")
	ErrOtherClient  = errors.New("the code was issued to another client")
	ErrNoSuchMethod = errors.New("unknown code challenge method")
)

// Challenge is the proof key of a request (RFC 7636, 4.3). The zero value means none.
type Challenge struct {
	value string
	plain bool
}

// ReadChallenge reads the proof key of a request. method is the vendor's method for a request that names none. Its
// error is ErrNoSuchMethod.
func ReadChallenge(query url.Values, method string) (Challenge, error) {
	if named := query.Get("code_challenge_method"); named != "" {
		method = named
	}
	switch method {
	case "S256", "plain":
		return Challenge{value: query.Get("code_challenge"), plain: method == "plain"}, nil
	}
	return Challenge{}, ErrNoSuchMethod
}

// IsZero reports whether the request has no proof key.
func (c Challenge) IsZero() bool { return c.value == "" }

// check checks a verifier (RFC 7636, 4.6).
func (c Challenge) check(verifier string) error {
	if c.IsZero() {
		return nil
	}
	if verifier == "" {
		return ErrNoVerifier
	}
	if !c.plain {
		sum := sha256.Sum256([]byte(verifier))
		verifier = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	if verifier != c.value {
		return ErrVerifier
	}
	return nil
}

// Code is what an authorization code stands for.
type Code struct {
	ClientID, AccountID, RedirectURI string
	Scopes                           []string
	Challenge                        Challenge
	// Query contains the parameters of the request, such as nonce.
	Query url.Values
	// Shown is set if the consent page was shown.
	Shown bool

	issued time.Time
	used   bool
}

// Issue stores a code under its text.
func (p *Pages) Issue(text string, code Code) {
	code.issued = p.now()
	p.codes[text] = &code
}

// Redeem returns what a code stands for. Each code can be redeemed once, within its lifetime.
func (p *Pages) Redeem(form url.Values, clientID string, lifetime time.Duration) (Code, error) {
	found := p.codes[form.Get("code")]
	switch {
	case found == nil:
		return Code{}, ErrUnknownCode
	case found.used:
		return Code{}, ErrUsedCode
	case p.now().Sub(found.issued) >= lifetime:
		return Code{}, ErrExpiredCode
	case found.ClientID != clientID:
		return Code{}, ErrOtherClient
	case found.RedirectURI != form.Get("redirect_uri"):
		return Code{}, ErrRedirectURI
	}
	if err := found.Challenge.check(form.Get("code_verifier")); err != nil {
		return Code{}, err
	}
	found.used = true
	return *found, nil
}
