package oauthpages

import (
	"net/http"
	"slices"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// browser is the session of a browser, found by the id in its cookie. It can have several signed-in accounts.
type browser struct {
	id string
	// state is the public name of the session, for the client.
	state    string
	accounts []string // ids
}

// ticket is a consent page that was shown to a signed-in account. Only the same browser can submit it, once.
type ticket struct{ browser, query, accountID string }

// browserOf returns the session of the calling browser. A new one is stored when an account signs in.
func (p *Pages) browserOf(call *sandbox.Call) *browser {
	if cookie, err := call.Request.Cookie(p.vendor.Style().Cookie); err == nil {
		if found := p.browsers[cookie.Value]; found != nil {
			return found
		}
	}
	return &browser{id: uuid.NewString(), state: uuid.NewString()}
}

// signIn signs an account in.
func (p *Pages) signIn(b *browser, account Account) {
	if p.vendor.Style().SingleSession {
		b.accounts = nil
	}
	if !slices.Contains(b.accounts, account.ID) {
		b.accounts = append(b.accounts, account.ID)
	}
	p.browsers[b.id] = b
}

// cookie returns the session cookie. Its lifetime is that of the browser.
func (p *Pages) cookie(call *sandbox.Call, value string, maxAge int) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // a stand-in may be served without TLS
		Name: p.vendor.Style().Cookie, Value: value, Path: "/", HttpOnly: true, Secure: call.Request.TLS != nil,
		SameSite: http.SameSiteLaxMode, MaxAge: maxAge,
	}
}

// SignOut ends the session of the calling browser, and returns a page with a text.
func (p *Pages) SignOut(call *sandbox.Call, text string) sandbox.Response {
	delete(p.browsers, p.browserOf(call).id)
	style := p.vendor.Style()
	response := Page{Brand: style.Brand, Title: style.Title, Heading: text}.Response(http.StatusOK)
	response.Header.Add("Set-Cookie", p.cookie(call, "", -1).String())
	return response
}
