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
	pages.SetHeaders(header, pages.Page{})
	for name, want := range map[string]string{
		"Content-Type":                 "text/html; charset=utf-8",
		"Cache-Control":                "no-store",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Referrer-Policy":              "no-referrer",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"X-Robots-Tag":                 "noindex, nofollow",
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; frame-ancestors 'none'; " +
			"base-uri 'none'",
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
}

// A form leads to the own origin and to the system, and a hostile origin adds no directive.
func TestPolicyOfForms(t *testing.T) {
	t.Parallel()
	const link = "/authorize/secret"
	for name, c := range map[string]struct {
		page pages.Page
		want string
	}{
		"no form":              {pages.Page{SystemOrigin: "http://127.0.0.1:8080"}, "'none'"},
		"a confirmation":       {pages.Page{ConfirmAction: link, SystemOrigin: "http://127.0.0.1:8080"}, "'self'"},
		"a system":             {pages.Page{Action: link, SystemOrigin: "https://login.salesforce.com"}, "'self' https:"},
		"no origin":            {pages.Page{Action: link}, "'self' https:"},
		"a system without TLS": {pages.Page{Action: link, SystemOrigin: "http://127.0.0.1:8080"}, "'self' https: http://127.0.0.1:8080"},
		"IPv6":                 {pages.Page{Action: link, SystemOrigin: "http://[::1]:8080"}, "'self' https: http://[::1]:8080"},
		"a hostile origin":     {pages.Page{Action: link, SystemOrigin: "http://a; script-src 'unsafe-inline'"}, "'self' https:"},
		"a script":             {pages.Page{Action: link, SystemOrigin: "javascript:"}, "'self' https:"},
	} {
		header := http.Header{}
		pages.SetHeaders(header, c.page)
		_, policy, _ := strings.Cut(header.Get("Content-Security-Policy"), "form-action ")
		if got, _, _ := strings.Cut(policy, ";"); got != c.want {
			t.Errorf("%s: form-action %s, want %s", name, got, c.want)
		}
	}
}
