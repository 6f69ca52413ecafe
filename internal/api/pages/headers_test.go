package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
)

func TestPageHeaders(t *testing.T) {
	t.Parallel()
	header := http.Header{}
	pages.SetHeaders(header, pages.Page{}, "https")
	for name, want := range map[string]string{
		"Content-Type":                 "text/html; charset=utf-8",
		"Cache-Control":                "no-store",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Referrer-Policy":              "no-referrer",
		"Strict-Transport-Security":    "max-age=31536000",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"X-Robots-Tag":                 "noindex, nofollow",
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; " +
			"frame-ancestors 'none'; base-uri 'none'",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestStylesheetHeaders(t *testing.T) {
	t.Parallel()
	header := http.Header{}
	pages.SetStylesheetHeaders(header)
	if got := header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Errorf("Cache-Control is %s", got)
	}
	if got := header.Get("Content-Type"); got != "text/css; charset=utf-8" {
		t.Errorf("Content-Type is %s", got)
	}
	pages.SetIconHeaders(header)
	if header.Get("Content-Type") != "image/svg+xml" ||
		!strings.HasPrefix(header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("the headers of the icon are %v", header)
	}
}

// A form leads to the own origin and to target systems, without TLS only from a page without TLS.
func TestPolicyOfForms(t *testing.T) {
	t.Parallel()
	const link = "/authorize/secret"
	for name, c := range map[string]struct {
		page         pages.Page
		scheme, want string
	}{
		"no form":            {pages.Page{}, "http", "'none'"},
		"a confirmation":     {pages.Page{ConfirmAction: link}, "http", "'self'"},
		"a link":             {pages.Page{Action: link}, "https", "'self' https:"},
		"a link without TLS": {pages.Page{Action: link}, "http", "'self' https: http:"},
	} {
		header := http.Header{}
		pages.SetHeaders(header, c.page, c.scheme)
		_, policy, _ := strings.Cut(header.Get("Content-Security-Policy"), "form-action ")
		if got, _, _ := strings.Cut(policy, ";"); got != c.want {
			t.Errorf("%s: form-action %s, want %s", name, got, c.want)
		}
		if hsts := header.Get("Strict-Transport-Security"); (hsts != "") != (c.scheme == "https") {
			t.Errorf("%s: Strict-Transport-Security is %q", name, hsts)
		}
	}
}
