package call

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// maxRedirects bounds the redirects of one call.
const maxRedirects = 10

// RedirectError says that a system sent a call elsewhere. The call was not sent there.
type RedirectError struct {
	// To is the place, without what it carries as query.
	To string
}

// NewRedirectError is the error of a call that is sent to an address, which may carry secrets.
func NewRedirectError(address *url.URL) *RedirectError {
	to := *address
	to.User, to.RawQuery, to.Fragment = nil, "", ""
	return &RedirectError{To: to.String()}
}

func (e *RedirectError) Error() string { return "redirects to " + e.To + ", which is not followed" }

// errTooManyRedirects is a call that the system sends round and round.
var errTooManyRedirects = fmt.Errorf("redirects more than %d times", maxRedirects)

// checkRedirect keeps calls, and the credentials in them, where the connection says that they belong.
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
