package serve

import (
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// secureHeaders sets the headers of every response. The pages for a person replace them by their own. Browsers ask for nothing
// else, and with these they show nothing of it in the frame of another site, and guess no type.
func secureHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		if isSecure(r) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// limitBody ends requests with a larger body than the contract allows, also those of handlers without a limit of their own. It
// leaves one byte more, so that the handler can answer with its own error.
func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, api.MaxBody+1)
		next.ServeHTTP(w, r)
	})
}
