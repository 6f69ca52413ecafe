package target

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
)

// CanonicalURL brings two spellings of an address to one form, for comparing and for calling: scheme and host in lower
// case, without the scheme's own port, without a trailing slash. Text that is no address stays as it is.
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

// HostOf is the host of an address, without its port; empty if it has none.
func HostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// checkURL says what is wrong with an address. Its errors complete a sentence that starts with the field's name.
func checkURL(value string, n Network) error {
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Opaque != "":
		return errors.New("must be an address such as https://mail.example.com")
	case u.User != nil:
		return errors.New("must not hold a user name or a password; they have fields of their own")
	case u.Scheme == "" || u.Hostname() == "":
		return errors.New("must be a whole address with scheme and host, such as https://mail.example.com")
	case u.Fragment != "" || strings.Contains(value, "#"):
		return errors.New("must not have a fragment; leave out # and what follows")
	case u.RawQuery != "" || u.ForceQuery:
		return errors.New("must not have a query; leave out ? and what follows")
	}
	if port := u.Port(); port != "" || strings.HasSuffix(u.Host, ":") {
		if number, err := strconv.Atoi(port); err != nil || number < 1 || number > 65535 {
			return errors.New("must have a port from 1 to 65535, or none")
		}
	}
	return n.Allows(u)
}
