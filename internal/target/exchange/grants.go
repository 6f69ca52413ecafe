package exchange

import (
	"crypto/tls"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// grants are a certificate, or the password with an optional certificate.
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
	case basic:
		if hasColon(settings[username]) {
			return target.FieldError{Field: username, Message: `username with a colon cannot sign in with authentication = "basic".`}
		}
	}
	return nil
}

// hasColon reports whether Basic cannot send a user name: the first colon ends it (RFC 7617, 2).
func hasColon(name string) bool { return strings.Contains(name, ":") }

// checkCertificate also requires the address of the certificate's account. A password signs in the user that it is sent with, but
// only the server knows the account of a certificate.
func checkCertificate(settings target.Settings) error {
	switch {
	case settings[authentication] != certificate:
		return target.FieldError{
			Field:   authentication,
			Message: `certificate and private_key sign in with authentication = "certificate"; NTLM and Basic also require password.`,
		}
	case settings[mailbox] == "" && !strings.Contains(settings[username], "@"):
		return target.FieldError{
			Field: username,
			Message: `username must be an address with authentication = "certificate", such as svc-riva@example.com, or set mailbox: ` +
				"one of them is the account that must have signed in. The sign-in fails for any other account.",
		}
	}
	return nil
}

// checkKeyPair rejects a certificate without its key. Text that is not a key or not a certificate is rejected where single values
// are validated.
func checkKeyPair(_ target.Settings, c target.Credentials) error {
	switch {
	case (c[clientCertificate] == "") != (c[clientPrivateKey] == ""):
		missing := clientCertificate
		if c[clientPrivateKey] == "" {
			missing = clientPrivateKey
		}
		return target.FieldError{
			Field: missing, Secret: true, Message: "certificate and private_key belong together. Set " + missing + " too.",
		}
	case c[clientCertificate] == "":
		return nil
	}
	if _, err := pairOf(c); err != nil {
		return target.FieldError{
			Field: clientPrivateKey, Secret: true,
			Message: "private_key does not belong to the first certificate in certificate. Set both from one pair.",
		}
	}
	return nil
}

// pairOf returns the client certificate with its key, if there is one.
func pairOf(c target.Credentials) ([]tls.Certificate, error) {
	if c[clientCertificate] == "" {
		return nil, nil
	}
	pair, err := tls.X509KeyPair([]byte(target.MendPEM(c[clientCertificate])), []byte(target.MendPEM(c[clientPrivateKey])))
	if err != nil {
		return nil, err
	}
	return []tls.Certificate{pair}, nil
}
