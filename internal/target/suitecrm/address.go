package suitecrm

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// apiPath is how people write where the API is, if not just where the instance is.
var apiPath = regexp.MustCompile(`^(.*)/(?i:api)(?:/(?i:v8))?$`)

// instanceOf is the instance that an address means.
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

// apiOf is where the API is.
func apiOf(address string) string { return instanceOf(address) + "/Api" }
