package exchange

import (
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// scheme returns the authentication in use: that of the connection or, without one, what the offer of the server decided; empty
// until then.
func (s *session) scheme() string {
	if s.required == "" && s.password != nil {
		return s.password.used
	}
	return s.required
}

// responseFault returns the fault of a response about the authentication; nil for any other response.
func (s *session) responseFault(r call.Response) *target.Fault {
	if fault := s.certificateResponseFault(r); fault != nil {
		return fault
	}
	if r.Status != http.StatusUnauthorized {
		return nil
	}
	if s.scheme() == "" {
		return s.unusableOfferFault(r)
	}
	return s.notOfferedFault(r)
}

// notOfferedFault returns the fault of a server that does not offer the authentication of the connection; nil for any other
// response. Such a server has not checked the credentials.
func (s *session) notOfferedFault(r call.Response) *target.Fault {
	accepted := []string{basic}
	if s.scheme() == ntlm {
		accepted = ntlmSchemes
	}
	offered := call.Schemes(r.Header)
	if len(offered) == 0 || offers(r.Header, accepted...) {
		return nil
	}
	return &target.Fault{
		Code: target.Misconfigured, Field: authentication,
		Message: target.Say("The server does not offer the authentication %q. It offers: %s.",
			target.Own(s.scheme()), strings.Join(offered, ", ")),
	}
}

// unusableOfferFault returns the fault of a server that requests a sign-in and offers nothing that the connection can use. The
// password was not sent. A page without an offer is not from the server.
func (s *session) unusableOfferFault(r call.Response) *target.Fault {
	offered := call.Schemes(r.Header)
	message := target.Say("The server requests a sign-in and offers no authentication. The password was not sent.")
	switch {
	case offers(r.Header, basic):
		return s.basicFault()
	case len(offered) > 0:
		message = target.Say("The server offers neither NTLM nor Basic. It offers: %s.", strings.Join(offered, ", "))
	case r.IsPage():
		return nil
	case len(r.Body) > 0: // a gateway's
		seen := s.ews.Classifier.FaultOf(r, nil).Message
		return &target.Fault{
			Code: target.Misconfigured, Field: s.ews.Classifier.Address, Hint: target.HelpUnclear,
			Message: target.Say("%s It offers no authentication. The password was not sent.", seen),
		}
	}
	return &target.Fault{Code: target.Misconfigured, Field: authentication, Message: message}
}

// basicFault returns the reason why Basic is not used although the server offers nothing else; nil if it may be used.
func (s *session) basicFault() *target.Fault {
	if fault := s.Account.CheckScheme(authentication, basic); fault != nil {
		return fault
	}
	if hasColon(s.Account.Setting(username)) {
		return &target.Fault{
			Code: target.Misconfigured, Field: username,
			Message: target.Say("The server offers Basic only, which cannot send a user name with a colon. The password was not sent."),
		}
	}
	return nil
}

// offers reports whether a server offers one of the schemes, which are in lower case.
func offers(h http.Header, schemes ...string) bool {
	return slices.ContainsFunc(call.Schemes(h), func(offered string) bool {
		return slices.Contains(schemes, strings.ToLower(offered))
	})
}
