package dynamics365

import (
	"net/url"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/fuzztest"
)

func FuzzParseError(f *testing.F) { fuzztest.Responses(f, parseError) }

// A challenge names a tenant by its id, and an address without a path.
func FuzzParseChallenge(f *testing.F) {
	fuzztest.Add(f)
	f.Fuzz(func(t *testing.T, _ int, header string, _ []byte) {
		found := parseChallenge(fuzztest.Header(header))
		if found.tenant != "" && !entra.IsGUID(found.tenant) {
			t.Errorf("the tenant is %q", found.tenant)
		}
		if u, err := url.Parse(found.resource); err != nil || found.resource != "" && (u.Host == "" || u.Path != "" || u.User != nil) {
			t.Errorf("the address is %q: %v", found.resource, err)
		}
	})
}
