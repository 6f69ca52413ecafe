package target

import "slices"

// Type says what a field's value must look like. All values travel as strings.
type Type int

// The types of fields.
const (
	// String is text on one line.
	String Type = iota
	// URL is an absolute address: https, or http for a loopback host where the control plane allows it.
	URL
	// EmailAddress is one address of the form local@domain.
	EmailAddress
	// Certificates is one or more X.509 certificates in PEM form, the first being the account's own where it is a secret.
	// Trailing white space does not count.
	Certificates
	// PrivateKey is a private key in PEM form, without a passphrase. Trailing white space does not count.
	PrivateKey
	// JSON is a JSON document. Trailing white space does not count.
	JSON
)

// isDocument tells types whose values have several lines, and may end in white space that does not count.
func (t Type) isDocument() bool { return t == Certificates || t == PrivateKey || t == JSON }

// Field declares one setting or one secret of a target system's connections.
type Field struct {
	// Name is the word for it on the wire; the Terraform attribute of a secret is called <name>_wo.
	Name string
	// Type is what the value must look like.
	Type Type
	// Required settings must be given. Secrets are never required by themselves: Grants say which belong together.
	Required bool
	// Secret values are sealed at rest and never answered.
	Secret bool
	// Binds marks a setting that says where, or as whom, the credentials are used: changing it needs the credentials
	// once more, since stored ones belong to where they were given for.
	Binds bool
	// Default is applied when calling, documented, and never stored or answered.
	Default string
	// Allowed lists the only possible values; empty allows every value of the type.
	Allowed []string
	// Deprecated says of allowed values that still work why to leave them, and what for, in a sentence that names the field:
	// a warning wherever they are seen.
	Deprecated map[string]string
	// CheckValue says what is wrong with a value that its type allows, as an error that completes a sentence starting with
	// the field's name and never holds the value; nil accepts all of them.
	CheckValue func(value string) error
	// Fixes lists the faults that a change of this field usually fixes.
	Fixes []Code
	// Canonical brings two spellings of the same value to one form, for comparing only: settings come back as given.
	// Without it, URLs compare without regard to letter case of scheme and host and to a trailing slash.
	Canonical func(string) string
	// Help is one or two sentences for the reference documentation.
	Help string
}

// CACertificateField declares the setting [CACertificate]. Where tells for what it is, as in "for a network whose proxy
// signs with an authority of its own".
func CACertificateField(where string) Field {
	return Field{
		Name: CACertificate, Type: Certificates,
		Help: "Certificates (PEM) to trust in addition to those of the operating system, " + where + ".",
	}
}

// FieldFor names the first field whose change usually fixes a fault; empty if the declaration names none.
func (s *System) FieldFor(code Code) string {
	for _, f := range s.Fields {
		if slices.Contains(f.Fixes, code) {
			return f.Name
		}
	}
	return ""
}
