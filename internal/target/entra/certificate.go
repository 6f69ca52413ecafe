package entra

import (
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// assertionLifetime is how long an assertion is valid: five to ten minutes at most, according to the documentation.
const assertionLifetime = 5 * time.Minute

// assertion makes the assertion that authenticates the application with its certificate (certificate-credentials, "Assertion
// format").
func (a Application) assertion() (string, error) {
	own, err := firstCertificate(a.Account.Credentials[Certificate])
	if err != nil {
		return "", &target.Fault{
			Code: target.Misconfigured, Field: Certificate, Message: target.Say("It contains no readable certificate."),
		}
	}
	thumbprint := sha256.Sum256(own.Raw)
	client, now := a.Account.Setting(ClientID), time.Now()
	assertion, err := oauth.Sign(oauth.PS256, a.Account.Credentials[PrivateKey],
		map[string]any{"x5t#S256": base64.RawURLEncoding.EncodeToString(thumbprint[:])},
		map[string]any{
			"aud": a.tokenURL(), "iss": client, "sub": client, "jti": uuid.NewString(),
			"nbf": now.Unix(), "iat": now.Unix(), "exp": now.Add(assertionLifetime).Unix(),
		})
	if err != nil {
		return "", &target.Fault{Code: target.Misconfigured, Field: PrivateKey, Message: target.Say("%s.", err)}
	}
	a.Account.Tokens.Mask(assertion)
	return assertion, nil
}

// CheckKeyPair validates that a private key and a certificate belong together (see [target.Grant]). Entra would only report a
// wrong signature. Text that is not a key or not a certificate is rejected where single values are validated.
func CheckKeyPair(_ target.Settings, c target.Credentials) error {
	own, err := firstCertificate(c[Certificate])
	if err != nil || oauth.CheckRSAKey(c[PrivateKey]) != nil {
		return nil //nolint:nilerr // not checked here
	}
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: own.Raw})
	if _, err := tls.X509KeyPair(certificate, []byte(target.RepairPEM(c[PrivateKey]))); err != nil {
		return target.FieldError{
			Field: PrivateKey, Secret: true,
			Message: "private_key does not belong to the first certificate in certificate. Set both from one pair.",
		}
	}
	return nil
}

// firstCertificate reads the first certificate of PEM text.
func firstCertificate(text string) (*x509.Certificate, error) {
	block, _ := pem.Decode([]byte(target.RepairPEM(text)))
	if block == nil {
		return nil, errors.New("not a certificate in PEM form")
	}
	return x509.ParseCertificate(block.Bytes)
}

// checkCertificate rejects keys whose signatures Entra does not accept: it supports RS256 and PS256.
func checkCertificate(text string) error {
	own, err := firstCertificate(text)
	if err != nil {
		return err
	}
	if _, ok := own.PublicKey.(*rsa.PublicKey); !ok {
		return errors.New("must have an RSA key; Microsoft Entra ID accepts no other")
	}
	return nil
}
