package call

import (
	"net/http"
	"slices"
	"strings"
)

// Limits of the challenges that are read. A server has a handful of schemes.
const (
	maxChallengeBytes = 64 << 10 // of all headers
	maxSchemes        = 32
	maxSchemeLength   = 40
)

// Schemes lists the authentication schemes that a server offers, as it writes them, each once. One header can list several,
// with their parameters in between (RFC 9110, 11.6.1). It reads the first ones only, in linear time.
func Schemes(h http.Header) []string {
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
