package target

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// CanonicalURL returns the same text for all spellings of an address, for comparing and for calling: scheme and host in lower
// case, without the scheme's default port, without a trailing slash. It returns text that is not an address unchanged.
func CanonicalURL(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return address
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch u.Scheme {
	case "https":
		u.Host = strings.TrimSuffix(u.Host, ":443")
	case "http":
		u.Host = strings.TrimSuffix(u.Host, ":80")
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), strings.TrimRight(u.RawPath, "/")
	return u.String()
}

// HostOf returns the host of an address, without its port; empty if there is no host.
func HostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// checkURL validates an address. Its errors complete a sentence that starts with the field's name.
func checkURL(value string, n Network) error {
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Opaque != "":
		return errors.New("must be an address that starts with https://")
	case u.User != nil:
		return errors.New("must not contain a user name or a password; use their own fields")
	case u.Scheme == "" || u.Hostname() == "":
		return errors.New("must be a complete address: https:// and the name of the host")
	case u.Fragment != "" || strings.Contains(value, "#"):
		return errors.New("must not have a fragment; leave out # and what follows")
	case u.RawQuery != "" || u.ForceQuery:
		return errors.New("must not have a query; leave out ? and what follows")
	}
	if port := u.Port(); port != "" || strings.HasSuffix(u.Host, ":") {
		if number, err := strconv.Atoi(port); err != nil || number < 1 || number > 65535 {
			return errors.New("must have a port from 1 to 65535, or no port")
		}
	}
	return n.Allows(u)
}

// HostPort is the host and port of an address, with the usual port of the scheme if the address has none. It is empty for a text
// that is not an address.
func HostPort(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "http":
		port = "80"
	default:
		port = "443"
	}
	return net.JoinHostPort(u.Hostname(), port)
}
