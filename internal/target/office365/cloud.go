package office365

import (
	"net/url"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
)

// cloud is one of Microsoft's clouds: its sign-in address, and the APIs that tokens are for
// (https://learn.microsoft.com/graph/deployments, https://learn.microsoft.com/microsoft-365/enterprise/
// microsoft-365-u-s-government-gcc-high-endpoints and its neighbors).
type cloud struct{ authority, graph, outlook string }

// ewsPath is the path of EWS on the hosts of Outlook.
const ewsPath = "/EWS/Exchange.asmx"

var publicCloud = cloud{entra.Authority, "https://graph.microsoft.com", "https://outlook.office365.com"}

func clouds() []cloud {
	return []cloud{
		publicCloud,
		{"https://login.microsoftonline.us", "https://graph.microsoft.us", "https://outlook.office365.us"},
		{"https://login.microsoftonline.us", "https://dod-graph.microsoft.us", "https://webmail.apps.mil"},
		{"https://login.partner.microsoftonline.cn", "https://microsoftgraph.chinacloudapi.cn", "https://partner.outlook.cn"},
		{"https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn", "https://partner.outlook.cn"},
	}
}

// resource returns the API that a token must be for. It can differ from the address in the settings: a private endpoint
// represents the API of the cloud that signs in.
func resource(address, authority string, of func(cloud) string) string {
	all, origin := clouds(), originOf(address)
	if slices.ContainsFunc(all, func(c cloud) bool { return of(c) == origin }) {
		return origin
	}
	authority = originOf(authority)
	if i := slices.IndexFunc(all, func(c cloud) bool { return c.authority == authority }); i >= 0 {
		return of(all[i])
	}
	return of(publicCloud)
}

func originOf(address string) string {
	u, err := url.Parse(target.CanonicalURL(address))
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
