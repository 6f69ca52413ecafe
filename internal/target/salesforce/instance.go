package salesforce

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// sites is where Salesforce serves what its customers publish. A login may begin at such an address; a token is not sent
// to one, since an API is never served there.
const sites = "force.com"

// domains are those that Salesforce serves logins and APIs from (Salesforce help, "Allow the required domains").
func domains() []string {
	return []string{"salesforce.com", "cloudforce.com", "database.com", "salesforce.mil", "sfcrmproducts.cn"}
}

// instanceURL finds where a token may be used: where the answer that brought it says, if that is at Salesforce as the login
// host is or, for a login host of another name, on that very host. Otherwise the token would travel to whoever managed
// to have a place of theirs named.
func instanceURL(login, instance string, n target.Network) (string, error) {
	notThere := func(reason string) error {
		return &target.Fault{
			Code: target.Misconfigured, Field: loginURL,
			Message: fmt.Sprintf("The sign-in points to the instance %q, %s. Nothing is sent there.", instance, reason),
		}
	}
	if instance == "" {
		return "", &target.Fault{
			Code: target.Misconfigured, Field: loginURL, Message: "The answer to the sign-in names no instance_url.",
		}
	}
	if err := (target.Field{Name: "instance_url", Type: target.URL}).Check(instance, n); err != nil {
		return "", notThere("which is no address that can be used")
	}
	from, err := url.Parse(target.CanonicalURL(login))
	if err != nil {
		return "", fmt.Errorf("read login_url: %w", err)
	}
	to, err := url.Parse(target.CanonicalURL(instance))
	if err != nil {
		return "", fmt.Errorf("read instance_url: %w", err)
	}
	switch {
	case to.Path != "" || to.Scheme != from.Scheme:
		return "", notThere("which is no address of Salesforce")
	case atSalesforce(from) && isSubdomain(to, domains()...) && to.Port() == "", to.Hostname() == from.Hostname():
		return to.String(), nil
	case atSalesforce(from):
		return "", notThere("which is not at Salesforce")
	}
	return "", notThere("which is another host than that of login_url")
}

func atSalesforce(u *url.URL) bool { return isSubdomain(u, append(domains(), sites)...) }

func isSubdomain(u *url.URL, domains ...string) bool {
	return slices.ContainsFunc(domains, func(domain string) bool {
		return u.Hostname() == domain || strings.HasSuffix(u.Hostname(), "."+domain)
	})
}

// audience is whom an assertion is for. Salesforce knows its own two names at My Domain as well; a host of another name
// is known by its address.
func audience(login string) string {
	u, err := url.Parse(target.CanonicalURL(login))
	switch {
	case err != nil || !atSalesforce(u):
		return target.CanonicalURL(login)
	case u.Hostname() == "test.salesforce.com", strings.HasSuffix(u.Hostname(), ".sandbox.my.salesforce.com"):
		return sandboxes
	}
	return production
}
