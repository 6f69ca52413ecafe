// Package person is a person with a browser, as a program: it opens the pages of a stand-in, fills in their forms and presses
// their buttons, with no script and no window. Tests and demonstrations use it where a user signs in. It sees what a browser
// shows, so it works with every page that is plain HTML.
//
// A [Browser] keeps cookies. Two browsers share nothing.
package person

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
)

const (
	maxRedirects = 10
	maxPageSize  = 1 << 20
)

// Browser keeps the cookies of one browser. It follows redirects, but stops in front of a client's redirect URI.
type Browser struct {
	client *http.Client
	// callback is the redirect URI of the last request to an authorize endpoint; empty means none.
	callback string
}

// New returns a browser without cookies that trusts some certificate authorities (PEM). Empty ones are ignored.
func New(authorities ...string) (*Browser, error) {
	roots := x509.NewCertPool()
	for _, authority := range authorities {
		if authority != "" && !roots.AppendCertsFromPEM([]byte(authority)) {
			return nil, errors.New("the certificate authority is not PEM")
		}
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &Browser{client: &http.Client{
		Jar: jar,
		Transport: &http.Transport{
			DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Open opens an address. A page with an error status is returned like any other.
func (b *Browser) Open(ctx context.Context, address string) (*Page, error) {
	b.callback = ""
	return b.send(ctx, http.MethodGet, address, nil)
}

// send sends a request and follows redirects.
func (b *Browser) send(ctx context.Context, method, address string, form url.Values) (*Page, error) {
	for range maxRedirects {
		response, err := b.request(ctx, method, address, form)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(io.LimitReader(response.Body, maxPageSize))
		if err = errors.Join(err, response.Body.Close()); err != nil {
			return nil, fmt.Errorf("read %s: %w", response.Request.URL.Redacted(), err)
		}
		location, err := response.Location()
		if err != nil {
			return parse(b, response, body)
		}
		address = location.String()
		if b.callback != "" && isCallback(b.callback, address) {
			return &Page{URL: response.Request.URL, Status: response.StatusCode, Callback: address, browser: b}, nil
		}
		method, form = http.MethodGet, nil
	}
	return nil, errors.New("too many redirects")
}

func (b *Browser) request(ctx context.Context, method, address string, form url.Values) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	if redirect := request.URL.Query().Get("redirect_uri"); redirect != "" {
		b.callback = redirect
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", request.URL.Scheme+"://"+request.URL.Host)
	}
	request.Header.Set("Accept", "text/html")
	return b.client.Do(request)
}

// isCallback reports whether an address is a redirect URI with more parameters.
func isCallback(redirect, address string) bool {
	rest, ok := strings.CutPrefix(address, redirect)
	return ok && (rest == "" || strings.ContainsAny(rest[:1], "?&#"))
}
