// Package target says what a target system is: the CRM or email system that a connection signs in to.
//
// A target system is one declaration, a [System] value in a package of its own below this one. It lists the fields a
// connection of that system has, the sets of credentials that make a sign-in possible, the tests it offers, and how to
// sign in. Everything that repeats between systems is derived from the declaration: the nested attribute of the
// Terraform resource, the validation at plan and in the control plane, the JSON schema of the HTTP contract and the
// reference documentation.
//
// The package also holds the words that every system shares: where a call may go ([Network]), what a failure is called
// ([Fault]) and what is handed out between sign-ins ([Tokens]). It makes no network calls: package call does.
package target

import (
	"context"
	"slices"
)

// Kind is the side of a sync that a target system stands on.
type Kind string

// The two kinds of target systems.
const (
	CRM   Kind = "crm"
	Email Kind = "email"
)

// Test is something that a connection can be asked to prove.
type Test string

// The tests. General signs in and proves who signed in; Metadata reads the object definitions of a CRM; the others act
// as, or read from, the account under test.
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
	// Name is the word for it on every surface, such as "exchange".
	Name string
	// Title is its name for people, such as "Microsoft Exchange".
	Title string
	// Kind says whether it is a CRM or an email system.
	Kind Kind
	// Description is one paragraph for the reference documentation.
	Description string
	// Fields are the settings and the secrets of a connection, in the order in which people meet them.
	Fields []Field
	// Grants are the alternative sets of fields that make a sign-in possible.
	Grants []Grant
	// Check says what is wrong with settings that do not go together, whatever the grant, as a [FieldError]; nil accepts
	// all of them. Each setting is right by itself. It is asked in a plan too, with any text in place of a value that is not
	// known yet; what it then says about such a setting does not count.
	Check func(Settings) error
	// Tests are the tests on offer.
	Tests []Test
	// Revalidates tells that a connection is mended by signing in again (OAuth), not by a new password.
	Revalidates bool
	// UserTest is the test that a full sync cycle runs for each enabled user. It is one of Tests.
	UserTest Test
	// Help holds, per fault, the ordered list of what to do next in this system's own words.
	Help map[Code][]string
	// Expected says who must have signed in, from the connection's settings (see [Account.SignIn]).
	Expected func(Account) Expected
	// SignIn signs in and learns who signed in. Its errors are *[Fault] wherever the system gave a reason.
	SignIn func(ctx context.Context, account Account) (Session, error)
}

// Grant is one way to sign in: the secrets it needs, all of them, those it may have besides, and the settings that must
// be there with them.
type Grant struct {
	// Name identifies the grant in documentation and messages, such as "password".
	Name string
	// Secrets are the secret fields that must be given together.
	Secrets []string
	// Optional are secret fields that may be given with them.
	Optional []string
	// Settings are settings that are optional for the system but needed for this grant.
	Settings []string
	// CheckSettings says what is wrong with settings that the grant cannot work with, as a [FieldError]; nil accepts all of them.
	CheckSettings func(Settings) error
	// CheckCredentials says what is wrong with secrets that do not belong together, such as a private key and a certificate, or that
	// belong elsewhere than the settings say, as a [FieldError] that holds none of them; nil accepts all of them. It is asked in
	// a plan too, once all values are known.
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

// NeedsUser reports whether a test makes sense only for a user, not for the service account: nobody acts as nobody.
func (t Test) NeedsUser() bool { return t == Impersonation }
