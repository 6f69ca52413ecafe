package oauthpages

import (
	"maps"
	"net/http"
	"net/netip"
	"net/url"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Redirect sends the browser back to the client, with the state of the request.
func (r *Request) Redirect(result url.Values) sandbox.Response {
	to, err := url.Parse(r.RedirectURI)
	if err != nil { // Read has checked it
		return sandbox.Response{Status: http.StatusBadRequest}
	}
	query := to.Query()
	maps.Copy(query, r.Extra)
	maps.Copy(query, result)
	if r.Query.Has("state") {
		query.Set("state", r.Query.Get("state"))
	}
	to.RawQuery = query.Encode()
	header := http.Header{"Location": {to.String()}, "Cache-Control": {"no-store"}}
	return sandbox.Response{Status: http.StatusFound, Header: header}
}

// IsLoopback reports whether an address is plain HTTP on this machine, on any port.
func IsLoopback(address string) bool {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "http" || parsed.User != nil || parsed.Fragment != "" {
		return false
	}
	ip, err := netip.ParseAddr(parsed.Hostname())
	return parsed.Hostname() == "localhost" || (err == nil && ip.IsLoopback())
}

// MatchesLoopback reports whether two loopback addresses are equal except for the port (RFC 8252, 7.3).
func MatchesLoopback(registered, requested string) bool {
	return IsLoopback(registered) && IsLoopback(requested) && withoutPort(registered) == withoutPort(requested)
}

// withoutPort returns an address without its port, for a comparison. An empty path is the root.
func withoutPort(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return address
	}
	parsed.Host = parsed.Hostname()
	if parsed.Path == "" {
		parsed.Path = "/"
	}
	return parsed.String()
}
