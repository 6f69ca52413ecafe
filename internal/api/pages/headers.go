package pages

import (
	"net/http"
	"strings"
)

// SetHeaders sets the headers of the response with a page. The scheme is that of its address.
//
// The address of the first page is a secret, so that no browser sends it to others (Referrer-Policy) or stores the page. With
// this policy, browsers send "Origin: null" with a form: only Sec-Fetch-Site shows that it is from a page of the same origin.
func SetHeaders(h http.Header, p Page, scheme string) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", strings.Join([]string{
		"default-src 'none'", "style-src 'self'", "img-src 'self'", "form-action " + formAction(p, scheme), "frame-ancestors 'none'",
		"base-uri 'none'",
	}, "; "))
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	if scheme == "https" {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY") // for browsers without frame-ancestors
	h.Set("X-Robots-Tag", "noindex, nofollow")
}

// SetStylesheetHeaders sets the headers of the response with the style sheet.
func SetStylesheetHeaders(h http.Header) { setAssetHeaders(h, "text/css; charset=utf-8") }

// SetIconHeaders sets the headers of the response with the icon. An SVG that is opened as a page could run scripts.
func SetIconHeaders(h http.Header) {
	setAssetHeaders(h, "image/svg+xml")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
}

// setAssetHeaders sets what both have. Pages add a query that changes with the content, so that browsers can keep them.
func setAssetHeaders(h http.Header, contentType string) {
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
}

// formAction returns where the forms of a page may lead. Browsers apply the directive to redirects as well (Content Security
// Policy Level 3, 6.4.1), and a target system redirects to further hosts that are not known here, such as that of an
// organization's own sign-in page. So every https address is allowed, and every http address if the page is at one: so are
// stand-ins.
func formAction(p Page, scheme string) string {
	switch {
	case p.Action == "" && p.ConfirmAction == "":
		return "'none'"
	case p.Action == "":
		return "'self'"
	case scheme == "http":
		return "'self' https: http:"
	}
	return "'self' https:"
}
