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
	Secret      string `json:"-" patch:"secret"`
	// Certificate is the certificate (or public key) that assertions are verified with, as PEM.
	Certificate string `json:"certificate"`
	// PrivateKey is its private key, as PEM. Salesforce never sees it: the stand-in keeps it for clients that sign
	// assertions.
	PrivateKey string `json:"-"`
	// CallbackURLs are the addresses that the authorize page may redirect a browser to.
	CallbackURLs []string `json:"callback_urls"`
	// Scopes are the scopes that the app may request.
	Scopes []string `json:"scopes"`
	// ClientCredentials enables the client credentials flow. RunAs is the user name that it runs as.
	ClientCredentials bool   `json:"client_credentials"`
	RunAs             string `json:"run_as"`
	// AdminApproved is the policy "admin approved users are pre-authorized". Without it, each user approves the app.
	AdminApproved bool `json:"admin_approved"`
	// SecretForCode and SecretForRefresh require the secret in the web server flow and in the refresh token flow.
	SecretForCode    bool `json:"secret_for_code"`
	SecretForRefresh bool `json:"secret_for_refresh"`
	// PKCE requires a code challenge in the web server flow.
	PKCE bool `json:"pkce"`
	// RotateRefreshTokens returns a new refresh token with every refresh, and makes the previous one invalid.
	RotateRefreshTokens bool `json:"rotate_refresh_tokens"`
	// Blocked is set if an administrator has blocked the app for all users of the organization.
	Blocked bool `json:"blocked"`
	// Installed is set if the app is installed in the organization.
	Installed bool `json:"installed"`
}

func (a App) clone() App {
	a.CallbackURLs, a.Scopes = slices.Clone(a.CallbackURLs), slices.Clone(a.Scopes)
	return a
}

// forbids reports whether the app may not request a scope.
func (a App) forbids(scope string) bool {
	if isRefreshScope(scope) {
		return !slices.ContainsFunc(a.Scopes, isRefreshScope)
	}
	return !slices.Contains(a.Scopes, scope)
}

// check returns an error for an invalid app.
func (a App) check() error {
	if a.ConsumerKey == "" {
		return errors.New("the app requires a consumer key")
	}
	_, err := a.publicKey()
	return err
}

// publicKey returns the key that assertions are verified with.
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
