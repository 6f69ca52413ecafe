package salesforce

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// sites is the domain of the sites that customers publish. A login may start at such an address, but no token is sent to one,
// since it never serves an API.
const sites = "force.com"

// domains are the domains of Salesforce's logins and APIs (Salesforce help, "Allow the required domains").
func domains() []string {
	return []string{"salesforce.com", "cloudforce.com", "database.com", "salesforce.mil", "sfcrmproducts.cn"}
}

// instanceURL returns the address where a token may be used: the one in the token's response, if it is a host of Salesforce like
// the login host. For any other login host, it must be that same host. The port is that of the login host, except for
// stand-ins, which have a port for each site. Otherwise a manipulated response could send the token to a foreign host, or to
// another service on the same one.
func instanceURL(login, instance string, n target.Network) (string, error) {
	rejected := func(reason target.Own) error {
		return &target.Fault{
			Code: target.Misconfigured, Field: loginURL,
			Message: target.Say("The sign-in returned the instance %q, %s. No token is sent there.", instance, reason),
		}
	}
	if instance == "" {
		return "", &target.Fault{
			Code: target.Misconfigured, Field: loginURL, Message: target.Say("The response to the sign-in has no instance_url."),
		}
	}
	if err := (target.Field{Name: "instance_url", Type: target.URL}).Check(instance, n); err != nil {
		return "", rejected("which is not a valid address")
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
		return "", rejected("which is not an address of Salesforce")
	case to.Port() != from.Port() && !n.MayBeStandIn(from.Hostname()):
		return "", rejected("which is not on the port of login_url")
	case atSalesforce(from) && isSubdomain(to, domains()...), to.Hostname() == from.Hostname():
		return to.String(), nil
	case atSalesforce(from):
		return "", rejected("which is not at Salesforce")
	}
	return "", rejected("which is not the host of login_url")
}

func atSalesforce(u *url.URL) bool { return isSubdomain(u, append(domains(), sites)...) }

func isSubdomain(u *url.URL, domains ...string) bool {
	return slices.ContainsFunc(domains, func(domain string) bool {
		return u.Hostname() == domain || strings.HasSuffix(u.Hostname(), "."+domain)
	})
}

// sandboxHost matches the hosts of sandboxes of every kind: the shared login and instances such as cs12, enhanced domains of
// sandboxes and scratch organizations, and earlier My Domains, where only the name shows it (Salesforce help, "My Domain URL
// formats"). Developer Edition organizations, below develop.my.salesforce.com, are production.
var sandboxHost = regexp.MustCompile(`^(?:(?:test|cs\d+)\.salesforce\.com` +
	`|[^.]+\.(?:sandbox|scratch|cs\d+)\.my\.salesforce\.com` +
	`|[^.]+--[^.]+\.(?:[^.]+\.)*my\.salesforce\.com)$`)

// audience returns the audience of an assertion. Salesforce accepts its two shared login addresses at a My Domain too; for any
// other host it is the host's own address.
func audience(login string) string {
	u, err := url.Parse(target.CanonicalURL(login))
	switch {
	case err != nil || !atSalesforce(u):
		return target.CanonicalURL(login)
	case sandboxHost.MatchString(u.Hostname()) && !strings.HasSuffix(u.Hostname(), ".develop.my.salesforce.com"):
		return sandboxes
	}
	return production
}
