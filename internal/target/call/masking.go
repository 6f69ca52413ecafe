package call

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// minCookie is the length of a cookie that can be a session. Shorter ones are names of servers and the like.
const minCookie = 8

// maskingTransport masks what signs requests in, in every message from then on: a system may repeat a token, a signature, the
// proof of a password or the cookie of a session as well as the password itself.
type maskingTransport struct {
	next   http.RoundTripper
	tokens *target.Tokens
}

// RoundTrip sends a request.
func (t *maskingTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	for _, value := range req.Header.Values("Authorization") {
		_, secret, _ := strings.Cut(value, " ")
		t.tokens.Mask(secret)
		if _, signature, signed := strings.Cut(secret, `oauth_signature="`); signed {
			signature, _, _ = strings.Cut(signature, `"`)
			if signature, err := url.PathUnescape(signature); err == nil {
				t.tokens.Mask(signature)
			}
		}
	}
	t.maskCookies(req.Cookies())
	resp, err := t.next.RoundTrip(req)
	if err == nil {
		t.maskCookies(resp.Cookies())
	}
	return resp, err
}

func (t *maskingTransport) maskCookies(cookies []*http.Cookie) {
	for _, cookie := range cookies {
		if len(cookie.Value) >= minCookie {
			t.tokens.Mask(cookie.Value)
		}
	}
}
