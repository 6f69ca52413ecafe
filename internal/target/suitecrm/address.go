package suitecrm

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// apiPath matches an address that ends in the path of the API.
var apiPath = regexp.MustCompile(`^(.*)/(?i:api)(?:/(?i:v8))?$`)

// instanceOf returns the instance of an address, with or without the path of the API.
func instanceOf(address string) string {
	canonical := target.CanonicalURL(address)
	u, err := url.Parse(canonical)
	if err != nil {
		return canonical
	}
	found := apiPath.FindStringSubmatch(u.Path)
	if found == nil {
		return canonical
	}
	u.Path, u.RawPath = strings.TrimRight(found[1], "/"), ""
	return u.String()
}

// apiOf returns the address of the API.
func apiOf(address string) string { return instanceOf(address) + "/Api" }
