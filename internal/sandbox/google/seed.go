package google

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Seed is what a stand-in starts with.
type Seed struct {
	// Users are everybody, of any customer; the first is the administrator as whom the service account acts.
	Users          []User
	ServiceAccount ServiceAccount
	Client         Client
	// RefreshToken is the administrator's from the start, as if a person had let the client in with all scopes; empty:
	// none.
	RefreshToken string
}

// The customers of the seed.
const (
	customer = "C03sim001" // example.com
	stranger = "C03sim002" // example.org
)

// firstKey is the key of the service account at the start, one for the whole process since making one takes a while.
var firstKey = sync.OnceValues(newKey)

// NewSeed is the seed of a stand-in that is told no other: the administrator riva-sync@example.com, who is known as
// riva@example.com as well; ada (with an alias), grace and alan; somebody without mail and calendar, one who is suspended
// and one who is archived; one of another customer; a service account to which all read scopes are delegated; and an OAuth
// client. Each call gives a new one, to change as needed.
func NewSeed() (Seed, error) {
	key, err := firstKey()
	if err != nil {
		return Seed{}, fmt.Errorf("make the service account's key: %w", err)
	}
	number := 0
	user := func(customerID, email, given, family string, aliases ...string) User {
		number++
		return User{
			ID: fmt.Sprintf("1000000000000000005%02d", number), CustomerID: customerID, Email: email, Aliases: aliases,
			GivenName: given, FamilyName: family, Mail: true, Calendar: true,
		}
	}
	seed := Seed{
		Users: []User{
			user(customer, "riva-sync@example.com", "Riva", "Sync", "riva@example.com"),
			user(customer, "ada@example.com", "Ada", "Lovelace", "ada.lovelace@example.com"),
			user(customer, "grace@example.com", "Grace", "Hopper"),
			user(customer, "alan@example.com", "Alan", "Turing"),
			user(customer, "somebody@example.com", "Some", "Body"),
			user(customer, "no-mail@example.com", "No", "Mail"),
			user(customer, "left@example.com", "Left", "Already"),
			user(customer, "archived@example.com", "Archived", "Already"),
			user(stranger, "riva-sync@example.org", "Riva", "Sync"),
		},
		ServiceAccount: ServiceAccount{
			Email: "riva@example-project.iam.gserviceaccount.com", ClientID: "100000000000000000042",
			ProjectID: "example-project", KeyID: newKeyID(), PrivateKey: key, Delegated: Scopes(),
		},
		Client:       Client{ID: "5550001112-riva.apps.googleusercontent.com", Secret: "GOCSPX-" + rand.Text()},
		RefreshToken: newRefreshToken(),
	}
	for i := range seed.Users {
		switch u := &seed.Users[i]; u.Email {
		case "riva-sync@example.com", "riva-sync@example.org":
			u.Admin = true
		case "no-mail@example.com":
			u.Mail, u.Calendar = false, false
		case "left@example.com":
			u.Suspended = true
		case "archived@example.com":
			u.Archived = true
		}
	}
	return seed, nil
}

func (s *Seed) check() error {
	if len(s.Users) == 0 {
		return errors.New("a seed needs an administrator")
	}
	if _, err := s.ServiceAccount.publicKey(); err != nil {
		return err
	}
	return nil
}

// clone keeps a copy's lists from being the original's.
func (a ServiceAccount) clone() ServiceAccount {
	a.Delegated, a.DisabledAPIs = slices.Clone(a.Delegated), slices.Clone(a.DisabledAPIs)
	return a
}

func (a ServiceAccount) publicKey() (*rsa.PublicKey, error) {
	block, _ := pem.Decode([]byte(a.PrivateKey))
	if block == nil {
		return nil, errors.New("the service account's key is not in PEM form")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("read the service account's key: %w", err)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("the service account's key is no RSA key")
	}
	return &key.PublicKey, nil
}

// newKey is an RSA key in the form that key files hold: PKCS #8 in PEM.
func newKey() (string, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return "", err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

// newKeyID is 40 hexadecimal digits, as Google's are.
func newKeyID() string {
	id := make([]byte, 20)
	_, _ = rand.Read(id) // never fails, says crypto/rand
	return hex.EncodeToString(id)
}

func newRefreshToken() string { return "1//0" + sandbox.Random(3) }
