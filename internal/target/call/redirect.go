package call

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// maxRedirects limits the redirects of one call.
const maxRedirects = 10

// RedirectError reports that a system redirected a call to another host. The redirect was not followed.
type RedirectError struct {
	// To is the address, without its query.
	To string
}

// NewRedirectError makes the error of a redirect to an address, which may contain secrets.
func NewRedirectError(address *url.URL) *RedirectError {
	to := *address
	to.User, to.RawQuery, to.Fragment = nil, "", ""
	return &RedirectError{To: to.String()}
}

func (e *RedirectError) Error() string { return "redirects to " + e.To + ", which is not followed" }

// errTooManyRedirects is a call that the system redirects in circles.
var errTooManyRedirects = fmt.Errorf("redirects more than %d times", maxRedirects)

// checkRedirect keeps calls, and the credentials in them, on the host that the connection names.
func checkRedirect(next *http.Request, via []*http.Request) error {
	if first := via[0].URL; target.CanonicalURL(origin(first)) != target.CanonicalURL(origin(next.URL)) {
		return NewRedirectError(next.URL)
	}
	if len(via) >= maxRedirects {
		return errTooManyRedirects
	}
	return nil
}

func origin(u *url.URL) string { return u.Scheme + "://" + u.Host }
