package hclnotes

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/fuzztest"
)

func FuzzParseError(f *testing.F) { fuzztest.Responses(f, parseError) }

// A session has cookies that a server can read, one of each name.
func FuzzSessionCookies(f *testing.F) {
	for _, value := range []string{
		"DomAuthSessId=ABC; path=/", "LtpaToken=a;b=c", "LtpaToken2=\"", "=", "domauthsessid=\x00", "LtpaToken=",
	} {
		f.Add(value, "DomAuthSessId=other")
	}
	f.Fuzz(func(t *testing.T, one, other string) {
		cookies := sessionCookies(http.Header{"Set-Cookie": {one, other}})
		names := map[string]bool{}
		for _, cookie := range cookies {
			name := strings.ToLower(cookie.Name)
			if names[name] || cookie.Value == "" || len(cookie.Value) > maxCookieSize {
				t.Errorf("took %q", cookie.String())
			}
			names[name] = true
		}
	})
}
