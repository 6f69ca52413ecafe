package exchange

import (
	"errors"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/ews"
)

// The fields.
const (
	ewsURL            = "ews_url"
	owaURL            = "owa_url"
	username          = "username"
	authentication    = "authentication"
	password          = "password"
	clientCertificate = "certificate"
	clientPrivateKey  = "private_key"
	access            = "access"
	mailbox           = "mailbox"
)

func fields() []target.Field {
	unreachable := []target.Code{target.SystemNotAvailable, target.Misconfigured}
	return []target.Field{
		{
			Name: ewsURL, Type: target.URL, Binds: true, Fixes: unreachable, CheckValue: checkEWSAddress,
			Help: "Address of Exchange Web Services, such as `https://mail.example.com/EWS/Exchange.asmx`. Set this or `owa_url`.",
		},
		{
			Name: owaURL, Type: target.URL, Binds: true,
			Help: "Address of Outlook on the web, such as `https://mail.example.com/owa`: each sign-in looks for Exchange Web " +
				"Services on this host, also with its Autodiscover. Services on another host require `ews_url`.",
		},
		{
			Name: username, Type: target.String, Required: true, Binds: true, Canonical: strings.ToLower,
			Fixes: []target.Code{target.InsufficientPermission},
			Help: "Service account: its user principal name (`svc-riva@example.com`) or `DOMAIN\\name`. With `certificate` it is " +
				"not sent: it, or `mailbox`, is the address of the account that must have signed in.",
		},
		{
			Name: authentication, Type: target.String, Allowed: []string{basic, ntlm, certificate},
			Weakens: target.WeakerScheme([]string{basic, ntlm}, certificate),
			Help: "How the service account signs in: `ntlm` sends a proof of the password, `basic` the password over TLS, " +
				"`certificate` a client certificate. Without it, NTLM is used if the server offers it, otherwise Basic.",
		},
		{
			Name: password, Type: target.String, Secret: true,
			Fixes: []target.Code{target.GivenCredentials},
			Help:  "Password of the service account, for NTLM and Basic.",
		},
		{
			Name: clientCertificate, Type: target.Certificates, Secret: true,
			Help: "Client certificate of the service account (PEM), followed by those of intermediate authorities, if any. " +
				"It signs in with `certificate`; otherwise it is sent in addition to the password, if a reverse proxy requires one.",
		},
		{
			Name: clientPrivateKey, Type: target.PrivateKey, Secret: true,
			Help: "Private key of the client certificate (PEM), without a passphrase.",
		},
		{
			Name: access, Type: target.String, Default: string(ews.Impersonation),
			Allowed: []string{string(ews.Impersonation), string(ews.Delegate)},
			Help: "How the service account acts for users: by the role `ApplicationImpersonation`, or by rights on their " +
				"mailboxes or folders (`delegate`).",
		},
		{
			Name: mailbox, Type: target.EmailAddress,
			Fixes: []target.Code{target.WrongIdentity},
			Help: "Primary SMTP address of the mailbox that the sign-in must open, also used by Autodiscover. Without it, " +
				"`username` is that address if it contains an `@`.",
		},
		target.CACertificateField("for a server whose certificate a private authority signed"),
	}
}

// checkEWSAddress rejects the addresses of other services of Exchange, which answer with pages of their own.
func checkEWSAddress(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return nil //nolint:nilerr // the type of the field is checked before
	}
	first, _, _ := strings.Cut(strings.Trim(strings.ToLower(u.Path), "/"), "/")
	switch first {
	case "owa":
		return errors.New("must be the address of Exchange Web Services, such as https://mail.example.com/EWS/Exchange.asmx, but " +
			"/owa is Outlook on the web: replace the path, or set owa_url to this address instead of ews_url")
	case "ecp", "autodiscover", "mapi", "oab", "microsoft-server-activesync":
		return errors.New("must be the address of Exchange Web Services, such as https://mail.example.com/EWS/Exchange.asmx, but " +
			"/" + first + " is another service of Exchange: replace the path")
	}
	return nil
}

// checkSettings requires exactly one address.
func checkSettings(settings target.Settings) error {
	switch {
	case settings[ewsURL] == "" && settings[owaURL] == "":
		return target.FieldError{Field: ewsURL, Message: "Set ews_url or owa_url: one of them is the address of Exchange."}
	case settings[ewsURL] != "" && settings[owaURL] != "":
		return target.FieldError{
			Field: owaURL, Message: "owa_url is for finding the address in ews_url. Set only one of them.",
		}
	}
	return nil
}
