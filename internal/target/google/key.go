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
	// audience is whom an assertion is for, wherever it is sent: Google knows no other name for its token endpoint.
	audience = "https://oauth2.googleapis.com/token"
	// assertionLifetime is how long an assertion is good: Google accepts up to an hour.
	assertionLifetime = 5 * time.Minute
	// clockTolerance is how long ago an assertion claims to have been made, for clocks that are a little apart.
	clockTolerance = 10 * time.Second
)

// key is the file that Google gives for download when a key of a service account is made.
type key struct {
	Type         string `json:"type"`
	ClientEmail  string `json:"client_email"`
	ClientID     string `json:"client_id"`
	PrivateKeyID string `json:"private_key_id"`
	PrivateKey   string `json:"private_key"`
	TokenURI     string `json:"token_uri"`
}

// parseKey reads a key file. Its errors complete a sentence that starts with the field's name.
func parseKey(file string) (key, error) {
	var k key
	if err := json.Unmarshal([]byte(file), &k); err != nil || k.Type != "service_account" {
		return key{}, errors.New(`must be the JSON key of a service account, with "type": "service_account"; the file of an ` +
			"OAuth client, or a person's credentials, are something else")
	}
	for name, value := range map[string]string{"client_email": k.ClientEmail, "private_key": k.PrivateKey} {
		if value == "" {
			return key{}, fmt.Errorf("must be a whole key file: %s is missing in it", name)
		}
	}
	if (target.Field{Type: target.EmailAddress}).Check(k.ClientEmail, target.Network{}) != nil {
		return key{}, errors.New("must be a whole key file: client_email in it is no address")
	}
	return k, nil
}

// checkKey says what is wrong with a key file (see [target.Field]).
func checkKey(file string) error {
	k, err := parseKey(file)
	if err != nil {
		return err
	}
	if oauth.CheckRSAKey(k.PrivateKey) != nil {
		return errors.New("must hold an RSA private key in PEM form as private_key; other keys cannot sign for Google")
	}
	return nil
}

// googleTokenURLs are the addresses of Google's token endpoint, as key files of all times name it.
func googleTokenURLs() []string {
	return []string{
		audience, "https://accounts.google.com/o/oauth2/token", "https://www.googleapis.com/oauth2/v3/token",
		"https://www.googleapis.com/oauth2/v4/token",
	}
}

// checkTokenURL refuses a key that was made for another token endpoint than the one that assertions go to. A key of Google's is
// good for any, since an endpoint of one's own leads to Google.
func checkTokenURL(settings target.Settings, credentials target.Credentials) error {
	to := settings[tokenURL]
	if to == "" {
		to = audience
	}
	k, err := parseKey(credentials[serviceAccountKey])
	if err != nil || k.TokenURI == "" || slices.Contains(googleTokenURLs(), k.TokenURI) || !strings.Contains(to, "://") {
		return nil //nolint:nilerr // what is wrong with a value by itself, or is not known yet, is said elsewhere
	}
	if target.CanonicalURL(k.TokenURI) == target.CanonicalURL(to) {
		return nil
	}
	return target.FieldError{Field: serviceAccountKey, Secret: true, Message: "service_account_key was made for another token " +
		"endpoint: the token_uri in it is neither Google's nor token_url (" + to + "). Where a key points is never followed. " +
		"Give a key that Google made, or set token_url to that address if it is the right one."}
}

// assertion signs that the service account asks for a scope, for a user.
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

// numericID is the numeric id that delegation is entered for.
func (k key) numericID() string {
	digits := strings.Trim(k.ClientID, "0123456789") == ""
	if k.ClientID == "" || !digits || len(k.ClientID) > 30 {
		return "of " + k.ClientEmail
	}
	return k.ClientID
}
