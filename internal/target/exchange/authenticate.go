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
	offered := call.Schemes(r.Header)
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

// isScheme reports whether a server's scheme is one of those, in any letter case.
func isScheme(scheme string, of []string) bool { return slices.Contains(of, strings.ToLower(scheme)) }
