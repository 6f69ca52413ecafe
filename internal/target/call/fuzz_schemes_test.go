package call_test

import (
	"net/http"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/fuzztest"
)

// The schemes that are read are few, short and different.
func FuzzSchemes(f *testing.F) {
	fuzztest.Add(f)
	f.Fuzz(func(t *testing.T, _ int, header string, body []byte) {
		offered := call.Schemes(http.Header{"Www-Authenticate": {header, string(body)}})
		seen := map[string]bool{}
		for _, scheme := range offered {
			if seen[scheme] || scheme == "" || len(scheme) > 40 {
				t.Errorf("offered %q", offered)
			}
			seen[scheme] = true
		}
		if len(offered) > 32 {
			t.Errorf("%d schemes", len(offered))
		}
	})
}
