package salesforce

import (
	"errors"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// userInterfaces are the endings of the hosts where browsers see an organization. They answer no sign-in of an app.
// Source: Salesforce, Identity Implementation Guide, My Domain URL Formats.
var userInterfaces = []string{
	".lightning.force.com", ".vf.force.com", ".visual.force.com", ".my.salesforce-setup.com",
}

// checkLoginURL rejects the address that a browser shows after a sign-in.
func checkLoginURL(address string) error {
	host := strings.ToLower(target.HostOf(address))
	for _, ending := range userInterfaces {
		if strings.HasSuffix(host, ending) {
			return errors.New("must be an address to sign in at, but hosts that end in " + ending + " are the user interface: set " +
				"the My Domain, such as https://example.my.salesforce.com (a sandbox: https://example--name.sandbox.my.salesforce.com). " +
				"It is in Setup → Company Settings → My Domain")
		}
	}
	return nil
}

// checkMyDomain rejects what Salesforce would reject: the shared login hosts cannot assign client credentials to an organization.
func checkMyDomain(settings target.Settings) error {
	base := settings[loginURL]
	if base == "" {
		base = production
	}
	u, err := url.Parse(target.CanonicalURL(base))
	if err != nil || u.Host != "login.salesforce.com" && u.Host != "test.salesforce.com" {
		return nil //nolint:nilerr // addresses are validated elsewhere
	}
	return target.FieldError{Field: loginURL, Message: "login_url must be the My Domain of the organization, such as " +
		"https://example.my.salesforce.com, to sign in with client_secret alone: " + u.Host + " does not offer the client " +
		"credentials flow. It is in Setup → Company Settings → My Domain."}
}
