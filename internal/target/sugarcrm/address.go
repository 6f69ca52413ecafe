package sugarcrm

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// oldestVersion is the version of the REST API that every Sugar since 7 has; later versions only add to it.
const oldestVersion = "10"

// restPath matches an address that ends in a path of the REST API: /rest, /rest/v10, /rest/v11_24, or /rest10 as in Riva.
var restPath = regexp.MustCompile(`^(.*)/rest(?:/?v?(\d{1,3})(?:[_.](\d{1,3}))?)?$`)

// splitAddress returns the instance of an address, and the version of the REST API to call.
func splitAddress(address string) (instance, version string) {
	canonical := target.CanonicalURL(address)
	u, err := url.Parse(canonical)
	if err != nil {
		return canonical, oldestVersion
	}
	found := restPath.FindStringSubmatch(u.Path)
	if found == nil {
		return canonical, oldestVersion
	}
	u.Path, u.RawPath = strings.TrimRight(found[1], "/"), ""
	version = oldestVersion
	if found[2] != "" {
		version = found[2]
		if found[3] != "" {
			version += "_" + found[3]
		}
	}
	return u.String(), version
}

// instanceOf returns the instance of an address, with or without a version of the API.
func instanceOf(address string) string {
	instance, _ := splitAddress(address)
	return instance
}

// apiOf returns the address of the REST API.
func apiOf(address string) string {
	instance, version := splitAddress(address)
	return instance + "/rest/v" + version
}
