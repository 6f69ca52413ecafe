package google

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

const (
	// audience is the audience of an assertion, wherever it is sent: Google accepts no other name of its token endpoint.
	audience = "https://oauth2.googleapis.com/token"
	// assertionLifetime is how long an assertion is valid: Google accepts up to an hour.
	assertionLifetime = 5 * time.Minute
	// clockTolerance is how far the issue time of an assertion is in the past, for clocks that differ a little.
	clockTolerance = 10 * time.Second
)

// key is the file that Google offers for download when a key of a service account is created.
type key struct {
	Type         string `json:"type"`
	ClientEmail  string `json:"client_email"`
	ClientID     string `json:"client_id"`
	PrivateKeyID string `json:"private_key_id"`
	PrivateKey   string `json:"private_key"`
	TokenURI     string `json:"token_uri"`
}

// parseKey decodes a key file. Its errors complete a sentence that starts with the field's name.
func parseKey(file string) (key, error) {
	var k key
	if err := json.Unmarshal([]byte(target.RepairJSON(file)), &k); err != nil || k.Type != "service_account" {
		return key{}, errors.New(`must be the JSON key of a service account, with "type": "service_account"; the file of an ` +
			"OAuth client, or a user's credentials, do not work")
	}
	for name, value := range map[string]string{"client_email": k.ClientEmail, "private_key": k.PrivateKey} {
		if value == "" {
			return key{}, fmt.Errorf("must be a complete key file: %s is missing", name)
		}
	}
	if (target.Field{Type: target.EmailAddress}).Check(k.ClientEmail, target.Network{}) != nil {
		return key{}, errors.New("must be a complete key file: client_email is not an address")
	}
	k.PrivateKey = target.RepairPEM(k.PrivateKey)
	return k, nil
}

// checkKey validates a key file (see [target.Field]).
func checkKey(file string) error {
	k, err := parseKey(file)
	if err != nil {
		return err
	}
	if err := target.CheckPrivateKey(k.PrivateKey); err != nil {
		return fmt.Errorf("contains a private_key that %w", err)
	}
	if oauth.CheckRSAKey(k.PrivateKey) != nil {
		return errors.New("must contain an RSA private key in PEM form as private_key; Google accepts no other signatures")
	}
	return nil
}

// googleTokenURLs are the addresses of Google's token endpoint in key files, old ones included.
func googleTokenURLs() []string {
	return []string{
		audience, "https://accounts.google.com/o/oauth2/token", "https://www.googleapis.com/oauth2/v3/token",
		"https://www.googleapis.com/oauth2/v4/token",
	}
}

// checkTokenURL rejects a key for another token endpoint than the one that assertions are sent to. A key for Google's endpoint
// works with any, since a private endpoint leads to Google.
func checkTokenURL(settings target.Settings, credentials target.Credentials) error {
	to := settings[tokenURL]
	if to == "" {
		to = audience
	}
	k, err := parseKey(credentials[serviceAccountKey])
	if err != nil || k.TokenURI == "" || slices.Contains(googleTokenURLs(), k.TokenURI) || !strings.Contains(to, "://") {
		return nil //nolint:nilerr // single values are validated elsewhere, and unknown ones later
	}
	if target.CanonicalURL(k.TokenURI) == target.CanonicalURL(to) {
		return nil
	}
	return target.FieldError{Field: serviceAccountKey, Secret: true, Message: "service_account_key is for another token endpoint: " +
		"its token_uri is neither Google's nor token_url (" + to + "). The token_uri of a key is never used. " +
		"Set a key that Google created, or set token_url to that address if it is the right one."}
}

// assertion signs an assertion of the service account for a user and a scope.
func (k key) assertion(user, scope string, now time.Time) (string, error) {
	header := map[string]any{}
	if k.PrivateKeyID != "" {
		header["kid"] = k.PrivateKeyID
	}
	return oauth.Sign(oauth.RS256, k.PrivateKey, header, map[string]any{
		"iss": k.ClientEmail, "sub": user, "scope": scope, "aud": audience,
		"iat": now.Add(-clockTolerance).Unix(), "exp": now.Add(assertionLifetime).Unix(),
	})
}

// numericID returns the numeric id to enter for the delegation.
func (k key) numericID() string {
	digits := strings.Trim(k.ClientID, "0123456789") == ""
	if k.ClientID == "" || !digits || len(k.ClientID) > 30 {
		return "of " + k.ClientEmail
	}
	return k.ClientID
}
