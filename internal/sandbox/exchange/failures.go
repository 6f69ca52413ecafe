package exchange

import (
	"errors"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

// The kinds of fault that Exchange adds to those of EWS.
const (
	// KindLoginPage redirects to the sign-in form of Outlook on the web, before the sign-in.
	KindLoginPage sandbox.Kind = "login_page"
	// KindAutodiscover makes Autodiscover return Fault.Code: a number of the POX service (600), a word of the SOAP
	// service (InvalidUser), or a redirect of either to Fault.Location. The other service works as usual.
	KindAutodiscover sandbox.Kind = "autodiscover"
)

var kinds = sandbox.Kinds{
	KindLoginPage: sandbox.BeforeSignIn(nil), KindAutodiscover: checkAutodiscover,
}.With(ews.Kinds)

func checkAutodiscover(f sandbox.Fault) error {
	switch code, known := autodiscoverCodes[f.Code]; {
	case !known:
		return fmt.Errorf("fault %q requires a code of Autodiscover, such as 600 or InvalidUser, not %q", f.Kind, f.Code)
	case f.Operation != code.service:
		return fmt.Errorf("%s is a code of %s, not of %q", f.Code, code.service, f.Operation)
	case code.redirects == (f.Location == ""):
		return errors.New("a location is required for redirects, and only for them")
	}
	return nil
}

// Autodiscover is an error of Autodiscover, by its code in the POX or in the SOAP service.
func Autodiscover(code string) sandbox.Fault {
	return sandbox.Fault{Kind: KindAutodiscover, Code: code, Operation: autodiscoverCodes[code].service}
}

// AutodiscoverRedirect is a redirect of Autodiscover: redirectAddr and redirectUrl in the POX service, RedirectAddress and
// RedirectUrl in the SOAP service.
func AutodiscoverRedirect(code, location string) sandbox.Fault {
	f := Autodiscover(code)
	f.Location = location
	return f
}

// LoginPage is a redirect to the sign-in form of Outlook on the web.
func LoginPage() sandbox.Fault { return sandbox.Fault{Kind: KindLoginPage} }

// Off is EWS switched off for the organization or the account: an empty 403.
func Off() sandbox.Fault { return sandbox.Status(403) }
