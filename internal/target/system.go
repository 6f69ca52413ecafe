// Package target defines what a target system is: the CRM or email system that a connection signs in to.
//
// A target system is one declaration, a [System] value in a package of its own below this one. It lists the fields of the
// system's connections, the sets of credentials that make a sign-in possible, the tests it offers, and how to sign in.
// Everything that repeats between systems is derived from the declaration: the nested attribute of the Terraform resource,
// the validation at plan and in the control plane, the JSON schema of the HTTP contract and the reference documentation.
//
// The package also defines the types that all systems share: where a call may go ([Network]), how a failure is reported
// ([Fault]) and which tokens are stored between sign-ins ([Tokens]). It makes no network calls: package call does.
package target

import (
	"context"
	"slices"
)

// Kind is the side of a sync that a target system is on.
type Kind string

// The two kinds of target systems.
const (
	CRM   Kind = "crm"
	Email Kind = "email"
)

// Test is a test that a connection can run.
type Test string

// The tests. General signs in and verifies the identity; Metadata reads the object definitions of a CRM; the others act as,
// or read from, the account under test.
const (
	General       Test = "general"
	Impersonation Test = "impersonation"
	Calendar      Test = "calendar"
	Contacts      Test = "contacts"
	Mail          Test = "mail"
	Metadata      Test = "metadata"
)

// System declares one target system.
type System struct {
	// Name is the identifier in configurations and in the API, such as "exchange".
	Name string
	// Title is the display name, such as "Microsoft Exchange".
	Title string
	// Kind is CRM or Email.
	Kind Kind
	// Description is one paragraph for the reference documentation.
	Description string
	// Fields are the settings and the secrets of a connection, in the order of the documentation.
	Fields []Field
	// Grants are the alternative sets of fields that make a sign-in possible.
	Grants []Grant
	// Check returns a [FieldError] if settings that are valid on their own cannot be combined, whatever the grant; nil accepts
	// all combinations. A plan runs it too, with any text in place of a value that is not known yet, and ignores errors about
	// such a setting.
	Check func(Settings) error
	// Tests are the tests that the system offers.
	Tests []Test
	// Revalidates reports that a broken connection is fixed by signing in again (OAuth), not by a new password.
	Revalidates bool
	// Authorize declares how a person signs in, in a browser; nil if the system does not offer it.
	Authorize *CodeGrant
	// UserTest is the test that a full sync cycle runs for each enabled user. It is one of Tests.
	UserTest Test
	// Help has, for each fault, the ordered list of steps to fix it, with the names of this system's screens.
	Help map[Code][]string
	// Expected returns the identity that must have signed in, from the connection's settings. Package call compares it.
	Expected func(Account) Expected
	// SignIn signs in and reads the identity. Its errors are *[Fault] wherever the system reported a reason.
	SignIn func(ctx context.Context, account Account) (Session, error)
	// Metadata reads the object definitions of a CRM. It is nil if the system does not offer the test Metadata.
	Metadata *MetadataReader
}

// Grant is one way to sign in: the secrets it requires, the secrets that are optional, and the settings that it requires.
type Grant struct {
	// Name identifies the grant in documentation and messages, such as "password".
	Name string
	// Secrets are the secret fields that must be set together.
	Secrets []string
	// Optional are secret fields that may be set with them.
	Optional []string
	// Settings are settings that are optional for the system but required for this grant.
	Settings []string
	// CheckSettings returns a [FieldError] if the grant does not work with the settings; nil accepts all settings.
	CheckSettings func(Settings) error
	// CheckCredentials returns a [FieldError] if secrets do not belong together, such as a private key and a certificate, or do
	// not match the settings. The error contains no secret. Nil accepts all secrets. A plan runs it too, once all values are
	// known.
	CheckCredentials func(Settings, Credentials) error
}

// Field returns the declaration of the named field.
func (s *System) Field(name string) (Field, bool) {
	i := slices.IndexFunc(s.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return s.Fields[i], true
}

// Settings returns the declarations of the fields that are not secret.
func (s *System) Settings() []Field {
	return slices.DeleteFunc(slices.Clone(s.Fields), func(f Field) bool { return f.Secret })
}

// Secrets returns the declarations of the secret fields.
func (s *System) Secrets() []Field {
	return slices.DeleteFunc(slices.Clone(s.Fields), func(f Field) bool { return !f.Secret })
}

// Offers reports whether the system has the test.
func (s *System) Offers(test Test) bool { return slices.Contains(s.Tests, test) }

// NeedsUser reports whether a test works only for a user, not for the service account: impersonation needs a user to act as.
func (t Test) NeedsUser() bool { return t == Impersonation }
