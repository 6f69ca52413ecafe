package entra

import (
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// The fields of an app registration, the same in every system.
const (
	TenantID     = "tenant_id"
	ClientID     = "client_id"
	AuthorityURL = "authority_url"
	ClientSecret = "client_secret"
	Certificate  = "certificate"
	PrivateKey   = "private_key"
	// RefreshToken is declared by the systems that support it.
	RefreshToken = "refresh_token"
)

// Authority is the sign-in address of the global cloud.
const Authority = "https://login.microsoftonline.com"

// TenantField declares the tenant to sign in to.
func TenantField() target.Field {
	return target.Field{
		Name: TenantID, Type: target.String, Required: true, Binds: true, CheckValue: checkTenant, Canonical: strings.ToLower,
		Help: "Tenant to sign in to: its id (Microsoft Entra admin center → Overview, Tenant ID) or a verified domain, such " +
			"as `example.onmicrosoft.com`.",
	}
}

// ClientField declares the app registration that signs in.
func ClientField() target.Field {
	return target.Field{
		Name: ClientID, Type: target.String, Required: true, Binds: true, CheckValue: CheckGUID, Canonical: strings.ToLower,
		Help: "Application (client) ID of the app registration that signs in: Microsoft Entra admin center → App " +
			"registrations → the app → Overview.",
	}
}

// AuthorityField declares the sign-in address.
func AuthorityField() target.Field {
	return target.Field{
		Name: AuthorityURL, Type: target.URL, Binds: true, Default: Authority, CheckValue: checkOrigin,
		Help: "Address of Microsoft Entra ID: `https://login.microsoftonline.us` for US Government (GCC High, DoD), " +
			"`https://login.partner.microsoftonline.cn` for China.",
	}
}

// SecretField declares the client secret.
func SecretField() target.Field {
	return target.Field{
		Name: ClientSecret, Type: target.String, Secret: true, Fixes: []target.Code{target.GivenCredentials},
		Help: "Value (not the Secret ID) of a client secret of the app: Microsoft Entra admin center → App registrations → " +
			"the app → Certificates & secrets. It is shown only once, and expires.",
	}
}

// CertificateField declares the certificate of the private key.
func CertificateField() target.Field {
	return target.Field{
		Name: Certificate, Type: target.Certificates, Secret: true, CheckValue: checkCertificate,
		Help: "Certificate (PEM, with an RSA key) that is uploaded to the app registration: Microsoft Entra admin center → App " +
			"registrations → the app → Certificates & secrets → Certificates. It belongs to `private_key`, and can be self-signed.",
	}
}

// KeyField declares the private key that signs assertions.
func KeyField() target.Field {
	return target.Field{
		Name: PrivateKey, Type: target.PrivateKey, Secret: true, CheckValue: oauth.CheckRSAKey,
		Help: "RSA private key (PEM, without a passphrase) of the first certificate in `certificate`. It signs and is never sent.",
	}
}

var (
	guid = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
	// domain matches the name of a verified domain.
	domain = regexp.MustCompile(`^([0-9A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?\.)+[A-Za-z][0-9A-Za-z-]*[0-9A-Za-z]$`)
)

// IsGUID reports whether text is an id of Microsoft's directory.
func IsGUID(text string) bool { return guid.MatchString(text) }

// CheckGUID validates an id (see [target.Field]).
func CheckGUID(value string) error {
	if !IsGUID(value) {
		return errors.New("must be an id such as 00001111-aaaa-2222-bbbb-3333cccc4444")
	}
	return nil
}

func checkTenant(value string) error {
	switch {
	case slices.Contains([]string{"common", "organizations", "consumers"}, strings.ToLower(value)):
		return errors.New("must name one tenant, by its id or a verified domain; " + value + " means many tenants")
	case !IsGUID(value) && (len(value) > 253 || !domain.MatchString(value)):
		return errors.New("must be the id of a tenant, such as aaaabbbb-0000-cccc-1111-dddd2222eeee, or one of its verified " +
			"domains, such as example.onmicrosoft.com")
	}
	return nil
}

// checkOrigin rejects paths: the tenant has its own field, and Entra defines the rest.
func checkOrigin(value string) error {
	if u, err := url.Parse(value); err != nil || strings.Trim(u.Path, "/") != "" {
		return errors.New("must have no path, as in " + Authority + "; the tenant is tenant_id")
	}
	return nil
}
