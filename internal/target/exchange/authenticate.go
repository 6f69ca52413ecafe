package exchange

import (
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// responseFault returns the fault of a response about the authentication; nil for any other response.
func (s *session) responseFault(r call.Response) *target.Fault {
	if fault := s.certificateResponseFault(r); fault != nil {
		return fault
	}
	return s.notOfferedFault(r)
}

// notOfferedFault returns the fault of a server that does not offer the authentication of the connection; nil for any other
// response. Such a server has not checked the credentials.
func (s *session) notOfferedFault(r call.Response) *target.Fault {
	if r.Status != http.StatusUnauthorized {
		return nil
	}
	offered := challenges(r.Header)
	accepted := []string{"basic"}
	if s.scheme == ntlm {
		accepted = ntlmSchemes
	}
	if len(offered) == 0 || slices.ContainsFunc(offered, func(scheme string) bool { return isScheme(scheme, accepted) }) {
		return nil
	}
	return &target.Fault{
		Code: target.Misconfigured, Field: authentication,
		Message: target.Say("The server does not offer the authentication %q. It offers: %s.",
			target.Own(s.scheme), strings.Join(offered, ", ")),
	}
}

// Limits of the challenges that are read. A server has a handful of schemes.
const (
	maxChallengeBytes = 64 << 10 // of all headers
	maxSchemes        = 32
	maxSchemeLength   = 40
)

// isScheme reports whether a server's scheme is one of those, in any letter case.
func isScheme(scheme string, of []string) bool { return slices.Contains(of, strings.ToLower(scheme)) }

// challenges lists the authentication schemes that a server offers, as it writes them, each once. One header can list several,
// with their parameters in between (RFC 9110, 11.6.1). It reads the first ones only, in linear time.
func challenges(h http.Header) []string {
	var offered []string
	left := maxChallengeBytes
	for _, value := range h.Values("WWW-Authenticate") {
		value = value[:min(len(value), left)]
		left -= len(value)
		for part := range strings.SplitSeq(withoutQuoted(value), ",") {
			scheme, _, _ := strings.Cut(strings.TrimSpace(part), " ")
			known := slices.ContainsFunc(offered, func(o string) bool { return strings.EqualFold(o, scheme) })
			if scheme == "" || len(scheme) > maxSchemeLength || strings.Contains(scheme, "=") || known {
				continue
			}
			if offered = append(offered, scheme); len(offered) == maxSchemes {
				return offered
			}
		}
	}
	return offered
}

// withoutQuoted removes the quoted texts of a challenge, which can contain commas. What follows a quote without an end is
// removed too.
func withoutQuoted(value string) string {
	var b strings.Builder
	for {
		plain, rest, quoted := strings.Cut(value, `"`)
		b.WriteString(plain)
		if !quoted {
			return b.String()
		}
		if _, value, quoted = strings.Cut(rest, `"`); !quoted {
			return b.String()
		}
	}
}
