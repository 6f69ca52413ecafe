package exchange

import (
	"crypto/tls"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// grants are the ways to sign in: with a certificate, or with the password, to which a certificate may be added.
func grants() []target.Grant {
	pair := []string{clientCertificate, clientPrivateKey}
	return []target.Grant{
		{Name: "certificate", Secrets: pair, CheckSettings: checkCertificate, CheckCredentials: checkKeyPair},
		{Name: "password", Secrets: []string{password}, Optional: pair, CheckSettings: checkPassword, CheckCredentials: checkKeyPair},
	}
}

func checkPassword(settings target.Settings) error {
	switch settings[authentication] {
	case certificate:
		return target.FieldError{
			Field: authentication,
			Message: `authentication = "certificate" signs in without a password. Leave out password, or set authentication to ` +
				`"basic" or "ntlm".`,
		}
	case ntlm:
		return nil
	}
	if strings.Contains(settings[username], ":") { // RFC 7617, 2: the first colon ends the user name
		return target.FieldError{Field: username, Message: `username with a colon cannot sign in with authentication = "basic".`}
	}
	return nil
}

// checkCertificate also wants to know whose certificate it is. A password signs in nobody else than the user it is sent
// with, but whom a certificate stands for is between it and the server.
func checkCertificate(settings target.Settings) error {
	switch {
	case settings[authentication] != certificate:
		return target.FieldError{
			Field:   authentication,
			Message: `certificate and private_key sign in with authentication = "certificate"; "basic" and "ntlm" need password too.`,
		}
	case settings[mailbox] == "" && !strings.Contains(settings[username], "@"):
		return target.FieldError{
			Field: username,
			Message: `username must be an address with authentication = "certificate", such as svc-riva@example.com, or give mailbox: ` +
				"one of them says who must have signed in, and whoever else did is refused.",
		}
	}
	return nil
}

// checkKeyPair refuses a certificate without its key. Text that is no key or no certificate is refused where values are
// checked.
func checkKeyPair(_ target.Settings, c target.Credentials) error {
	switch {
	case (c[clientCertificate] == "") != (c[clientPrivateKey] == ""):
		missing := clientCertificate
		if c[clientPrivateKey] == "" {
			missing = clientPrivateKey
		}
		return target.FieldError{
			Field: missing, Secret: true, Message: "certificate and private_key belong together. Give " + missing + " too.",
		}
	case c[clientCertificate] == "":
		return nil
	}
	if _, err := pairOf(c); err != nil {
		return target.FieldError{
			Field: clientPrivateKey, Secret: true,
			Message: "private_key does not belong to the first certificate in certificate. Give both of one pair.",
		}
	}
	return nil
}

// pairOf is the client certificate with its key; none if there is none.
func pairOf(c target.Credentials) ([]tls.Certificate, error) {
	if c[clientCertificate] == "" {
		return nil, nil
	}
	pair, err := tls.X509KeyPair([]byte(c[clientCertificate]), []byte(c[clientPrivateKey]))
	if err != nil {
		return nil, err
	}
	return []tls.Certificate{pair}, nil
}
