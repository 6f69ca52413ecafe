package netsuite

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// parameter is a decoded name and value.
type parameter struct{ name, value string }

// parseAuthorization parses an Authorization header of OAuth (RFC 5849, 3.5.1).
func parseAuthorization(header string) ([]parameter, error) {
	scheme, rest, _ := strings.Cut(strings.TrimSpace(header), " ")
	if !strings.EqualFold(scheme, "OAuth") {
		return nil, errors.New("no OAuth header")
	}
	var all []parameter
	for part := range strings.SplitSeq(rest, ",") {
		name, quoted, found := strings.Cut(strings.TrimSpace(part), "=")
		if !found || len(quoted) < 2 || quoted[0] != '"' || quoted[len(quoted)-1] != '"' {
			return nil, fmt.Errorf("%q is not a parameter", part)
		}
		decodedName, err := url.PathUnescape(name) // unlike in a form, a plus sign is not a space
		if err != nil {
			return nil, err
		}
		value, err := url.PathUnescape(quoted[1 : len(quoted)-1])
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(all, func(p parameter) bool { return p.name == decodedName }) {
			return nil, fmt.Errorf("duplicate %s", decodedName)
		}
		all = append(all, parameter{decodedName, value})
	}
	return all, nil
}

// valueOf returns the value of the first parameter with the name; empty without such a parameter.
func valueOf(all []parameter, name string) string {
	for _, p := range all {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// baseString returns the text that is signed (RFC 5849, 3.4.1): the method, the address without the query, and all
// parameters in order, including those of the query and of a form, but not realm and signature.
func baseString(r *http.Request, body []byte, parameters []parameter) (string, error) {
	all := slices.DeleteFunc(slices.Clone(parameters), func(p parameter) bool {
		return p.name == "realm" || p.name == "oauth_signature"
	})
	texts := []string{r.URL.RawQuery}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind == "application/x-www-form-urlencoded" {
		texts = append(texts, string(body))
	}
	for _, text := range texts {
		values, err := url.ParseQuery(text)
		if err != nil {
			return "", err
		}
		for name, valuesOfName := range values {
			for _, value := range valuesOfName {
				all = append(all, parameter{name, value})
			}
		}
	}
	for i, p := range all {
		all[i] = parameter{percentEncode(p.name), percentEncode(p.value)}
	}
	slices.SortFunc(all, func(a, b parameter) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.value, b.value)) })
	pairs := make([]string, len(all))
	for i, p := range all {
		pairs[i] = p.name + "=" + p.value
	}
	return strings.ToUpper(r.Method) + "&" + percentEncode(requestURL(r)) + "&" + percentEncode(strings.Join(pairs, "&")), nil
}

// requestURL returns the address of the call (RFC 5849, 3.4.1.2): scheme and host in lower case, the port unless it is
// the default of the scheme, and the path as sent.
func requestURL(r *http.Request) string {
	scheme, port := "http", ":80"
	if r.TLS != nil {
		scheme, port = "https", ":443"
	}
	return scheme + "://" + strings.TrimSuffix(strings.ToLower(r.Host), port) + r.URL.EscapedPath()
}

// percentEncode encodes everything except unreserved characters (RFC 5849, 3.6).
func percentEncode(text string) string {
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		switch {
		case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', '0' <= c && c <= '9', strings.IndexByte("-._~", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// isSigned reports whether the signature of a base string was made with both secrets, by HMAC-SHA256 (RFC 5849, 3.4.2
// with another digest).
func isSigned(base, signature, consumerSecret, tokenSecret string) bool {
	mac := hmac.New(sha256.New, []byte(percentEncode(consumerSecret)+"&"+percentEncode(tokenSecret)))
	mac.Write([]byte(base))
	decoded, err := base64.StdEncoding.DecodeString(signature)
	return err == nil && hmac.Equal(decoded, mac.Sum(nil))
}
