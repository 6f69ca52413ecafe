package exchange

import (
	"fmt"
	"net/http"
	"regexp"
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
	if len(offered) == 0 || slices.ContainsFunc(offered, func(o string) bool { return slices.Contains(accepted, o) }) {
		return nil
	}
	return &target.Fault{
		Code: target.Misconfigured, Field: authentication,
		Message: fmt.Sprintf("The server does not offer the authentication %q. It offers: %s.",
			s.scheme, strings.Join(offered, ", ")),
	}
}

// quotedText matches a text in a challenge, which can contain commas.
var quotedText = regexp.MustCompile(`"[^"]*"`)

// challenges lists the authentication schemes that a server offers, in lower case. One header can list several, with their
// parameters in between (RFC 9110, 11.6.1).
func challenges(h http.Header) []string {
	var offered []string
	for _, value := range h.Values("WWW-Authenticate") {
		for part := range strings.SplitSeq(quotedText.ReplaceAllString(value, ""), ",") {
			scheme, _, _ := strings.Cut(strings.TrimSpace(part), " ")
			scheme = strings.ToLower(scheme)
			if scheme != "" && !strings.Contains(scheme, "=") && !slices.Contains(offered, scheme) {
				offered = append(offered, scheme)
			}
		}
	}
	return offered
}
