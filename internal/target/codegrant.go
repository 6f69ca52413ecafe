package target

import (
	"context"
	"maps"
	"net/url"
	"slices"
)

// CodeGrant declares how a person signs in to a system in a browser: with the authorization code grant of OAuth 2.0 (RFC 6749,
// 4.1) and PKCE (RFC 7636). Who has signed in is found out afterwards, with System.SignIn and System.Expected, as for every other
// set of credentials.
type CodeGrant struct {
	// Secret is the secret field that the sign-in fills, such as "refresh_token". A grant of the system has it.
	Secret string
	// ClientID is the setting with the id of the app.
	ClientID string
	// Redirect says which addresses on the person's machine the system accepts as redirect addresses.
	Redirect LoopbackRedirect
	// Endpoint returns the address of the authorization endpoint, without parameters.
	Endpoint func(Account) string
	// Scopes are the scopes to ask for.
	Scopes func(Account) []string
	// Parameters are the system's own parameters of the authorization endpoint, such as "prompt". They have no secrets.
	Parameters func(Prompt) url.Values
	// Exchange exchanges a code for tokens. Its errors are *[Fault] wherever the system reported a reason.
	Exchange func(ctx context.Context, a Account, c AuthorizationCode) (Issued, error)
	// Refused says what an error means that the system sent to the redirect address.
	Refused func(a Account, code, description string) Refusal
	// AdminConsent returns the address where an administrator approves the app for all users; nil if the system has none. The
	// redirect is where the administrator is sent afterwards.
	AdminConsent func(a Account, redirect string) string
}

// LoopbackRedirect is what a system accepts as a redirect address on the person's own machine, for http.
type LoopbackRedirect struct {
	// Host is "localhost" or "127.0.0.1".
	Host string
	// Ports are the only ports; nil accepts every port. Systems with a list compare the whole address, so that one address for
	// each port must be registered.
	Ports []int
}

// Accepts reports whether the address has the host and a port.
func (l LoopbackRedirect) Accepts(host string, port int) bool {
	return host == l.Host && (l.Ports == nil || slices.Contains(l.Ports, port))
}

// Prompt is how the system is asked to let the person sign in.
type Prompt struct {
	// Username is the account that is expected; empty if any account may sign in.
	Username string
	// Another means that another account than the one of the connection is wanted.
	Another bool
}

// AuthorizationCode is what the token endpoint exchanges for tokens. All but the redirect address is secret.
type AuthorizationCode struct {
	// Code is the code that the system sent with the browser.
	Code string
	// Verifier is the secret whose digest was sent to the authorization endpoint (RFC 7636, 4.1).
	Verifier string
	// RedirectURI is the redirect address that the code was sent to.
	RedirectURI string
}

// Issued is what a system issued for a code.
type Issued struct {
	// Secret is the value for the field that the sign-in fills.
	Secret string
	// Granted are the scopes that the system granted, and Withheld those that were asked for and were not granted, in its spelling.
	Granted, Withheld []string
}

// String returns what is not secret.
func (i Issued) String() string { return "[1 secret]" }

// GoString prevents %#v from printing the secret.
func (i Issued) GoString() string { return i.String() }

// Refusal is why a system sent the browser back without a code.
type Refusal struct {
	Kind RefusalKind
	// Fault is what the system said.
	Fault *Fault
}

// RefusalKind is the kind of a [Refusal].
type RefusalKind int

const (
	// RefusedOther is an error of the system, or of the settings.
	RefusedOther RefusalKind = iota
	// RefusedByPerson means that the person canceled or did not consent.
	RefusedByPerson
	// RefusedByPolicy means that the person may not use the app.
	RefusedByPolicy
	// RefusedWithoutAdmin means that an administrator must approve the app first.
	RefusedWithoutAdmin
)

// Waits reports whether the credentials, perhaps none, are a set that the sign-in of a person completes, and that is usable for
// nothing else. A caller who wants a person in any case asks [System.CheckPerson].
func (s *System) Waits(settings Settings, c Credentials) bool {
	complete := slices.ContainsFunc(s.Grants, func(g Grant) bool {
		return !slices.ContainsFunc(g.Secrets, func(name string) bool { return c[name] == "" })
	})
	return !complete && s.CheckPerson(settings, c) == nil
}

// CheckPerson returns a [FieldError] if the sign-in of a person does not complete the credentials, perhaps none, to a grant.
func (s *System) CheckPerson(settings Settings, c Credentials) error {
	if s.Authorize == nil {
		return s.noCredentialsError()
	}
	_, err := s.Grant(settings, s.WithPerson(c))
	return err
}

// WithPerson returns the credentials with a placeholder for the secret that the sign-in of a person fills.
func (s *System) WithPerson(c Credentials) Credentials {
	with := maps.Clone(c)
	if with == nil {
		with = Credentials{}
	}
	with[s.Authorize.Secret] = "-"
	return with
}

// ForPerson returns the stored credentials that are used with the sign-in of a person: those of the grant that uses most of them,
// without the secret that the sign-in fills. A connection that changes from another grant loses the secrets of that.
func (s *System) ForPerson(settings Settings, stored Credentials) (Credentials, error) {
	var best Credentials
	for _, g := range s.Grants {
		if !slices.Contains(g.Secrets, s.Authorize.Secret) {
			continue
		}
		kept := Credentials{}
		for _, name := range slices.Concat(g.Secrets, g.Optional) {
			if stored[name] != "" && name != s.Authorize.Secret {
				kept[name] = stored[name]
			}
		}
		if s.CheckPerson(settings, kept) == nil && (best == nil || len(kept) > len(best)) {
			best = kept
		}
	}
	if best == nil {
		return nil, s.CheckPerson(settings, nil)
	}
	return best, nil
}

// ExpectedPerson returns who must sign in when a person does.
func (s *System) ExpectedPerson(a Account) Expected {
	if s.Expected == nil {
		return Expected{}
	}
	a.Credentials = s.WithPerson(a.Credentials)
	return s.Expected(a)
}
