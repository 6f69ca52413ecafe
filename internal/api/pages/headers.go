package pages

import (
	"net/http"
	"regexp"
	"strings"
)

// SetHeaders sets the headers of the response with a page.
//
// The address of the first page is a secret, so that no browser sends it to others (Referrer-Policy) or stores the page. With this
// policy a browser sends "Origin: null" with a form, and the origin is in Sec-Fetch-Site only.
func SetHeaders(h http.Header, p Page) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", strings.Join([]string{
		"default-src 'none'", "style-src 'self'", "img-src 'self'", "form-action " + formAction(p), "frame-ancestors 'none'",
		"base-uri 'none'",
	}, "; "))
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY") // for browsers without frame-ancestors
	h.Set("X-Robots-Tag", "noindex, nofollow")
}

// SetStylesheetHeaders sets the headers of the response with the style sheet. Pages add a query that changes with the content, so
// that browsers can keep it.
func SetStylesheetHeaders(h http.Header) {
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
}

// plainOrigin matches the origin of a system without TLS, such as a stand-in.
var plainOrigin = regexp.MustCompile(`^http://[A-Za-z0-9.:\[\]-]+$`)

// formAction returns where the forms of a page may lead. Browsers apply the directive to redirects as well (Content Security Policy
// Level 3, 6.4.1), and target systems redirect to further hosts, such as that of an organization's own sign-in page. So every
// https address is allowed, and the origin of the system if it is not https.
func formAction(p Page) string {
	switch {
	case p.Action == "" && p.ConfirmAction == "":
		return "'none'"
	case p.Action == "":
		return "'self'"
	case plainOrigin.MatchString(p.SystemOrigin):
		return "'self' https: " + p.SystemOrigin
	}
	return "'self' https:"
}
