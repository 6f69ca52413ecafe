package salesforce

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
)

// App is the connected app (or external client app) that integrations sign in through.
type App struct {
	Name        string `json:"name"`
	ConsumerKey string `json:"consumer_key"` // the client id
	Secret      string `json:"-"`
	// Certificate is the PEM of the certificate (or public key) that assertions are verified with.
	Certificate string `json:"certificate"`
	// PrivateKey is the PEM of the key to it. Salesforce never sees that one: it is kept for those who sign.
	PrivateKey string `json:"-"`
	// CallbackURLs are where the authorize page may send a browser back to.
	CallbackURLs []string `json:"callback_urls"`
	// Scopes are what the app may ask for.
	Scopes []string `json:"scopes"`
	// ClientCredentials enables the client credentials flow, RunAs is the user name it runs as.
	ClientCredentials bool   `json:"client_credentials"`
	RunAs             string `json:"run_as"`
	// AdminApproved is the policy "admin approved users are pre-authorized"; otherwise each user approves the app.
	AdminApproved bool `json:"admin_approved"`
	// SecretForCode and SecretForRefresh require the secret in the web server flow and in the refresh token flow.
	SecretForCode    bool `json:"secret_for_code"`
	SecretForRefresh bool `json:"secret_for_refresh"`
	// PKCE requires a code challenge in the web server flow.
	PKCE bool `json:"pkce"`
	// RotateRefreshTokens gives a new refresh token with every refresh, and the old one is good for nothing then.
	RotateRefreshTokens bool `json:"rotate_refresh_tokens"`
	// Installed is whether the app is installed in the organisation.
	Installed bool `json:"installed"`
}

func (a App) clone() App {
	a.CallbackURLs, a.Scopes = slices.Clone(a.CallbackURLs), slices.Clone(a.Scopes)
	return a
}

// check says what is wrong with an app.
func (a App) check() error {
	if a.ConsumerKey == "" {
		return errors.New("the app needs a consumer key")
	}
	_, err := a.publicKey()
	return err
}

// publicKey is what assertions are verified with.
func (a App) publicKey() (*rsa.PublicKey, error) {
	block, _ := pem.Decode([]byte(a.Certificate))
	if block == nil {
		return nil, errors.New("the app's certificate is not PEM")
	}
	var key any
	var err error
	if block.Type == "CERTIFICATE" {
		var certificate *x509.Certificate
		if certificate, err = x509.ParseCertificate(block.Bytes); err == nil {
			key = certificate.PublicKey
		}
	} else {
		key, err = x509.ParsePKIXPublicKey(block.Bytes)
	}
	if err != nil {
		return nil, fmt.Errorf("read the app's certificate: %w", err)
	}
	public, ok := key.(*rsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("the app's certificate has a key of type %T, not RSA", key)
	}
	return public, nil
}
