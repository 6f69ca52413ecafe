package exchange

import (
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

// KindLoginPage is the kind of fault that Exchange adds to those of EWS: before any sign-in, it redirects to the sign-in
// form of Outlook on the web.
const KindLoginPage sandbox.Kind = "login_page"

// check says what is wrong with a fault of EWS or of the kind above.
func check(f sandbox.Fault) error {
	if f.Kind != KindLoginPage {
		return ews.Check(f)
	}
	if f.Account != "" {
		return fmt.Errorf("fault %q happens before the sign-in, so it cannot be limited to an account", f.Kind)
	}
	return nil
}

// LoginPage is a redirect to the sign-in form of Outlook on the web.
func LoginPage() sandbox.Fault { return sandbox.Fault{Kind: KindLoginPage} }

// Off is EWS switched off for the organisation or the account: an empty 403.
func Off() sandbox.Fault { return sandbox.Status(403) }
