package target

import "slices"

// Type is the format of a field's value. All values are sent as strings.
type Type int

// The types of fields.
const (
	// String is text on one line.
	String Type = iota
	// URL is an absolute address: https, or http for a loopback host where the control plane allows it.
	URL
	// EmailAddress is one address of the form local@domain.
	EmailAddress
	// Certificates is one or more X.509 certificates in PEM form. If the field is a secret, the first one is the account's own.
	// Like the other documents, they are read as [RepairPEM] returns them, and compared without trailing white space.
	Certificates
	// PrivateKey is a private key in PEM form, without a passphrase.
	PrivateKey
	// JSON is a JSON document, which is read as [RepairJSON] returns it.
	JSON
)

// isDocument reports whether values of the type have several lines and trailing white space that is ignored.
func (t Type) isDocument() bool { return t.isPEM() || t == JSON }

func (t Type) isPEM() bool { return t == Certificates || t == PrivateKey }

// Field declares one setting or one secret of a target system's connections.
type Field struct {
	// Name is the name in the API; the Terraform attribute of a secret is called <name>_wo.
	Name string
	// Type is the format of the value.
	Type Type
	// Required settings must be set. A secret is never required on its own: grants say which secrets are used together.
	Required bool
	// Secret values are sealed at rest and never returned.
	Secret bool
	// Binds marks a setting that says at which address, or as which user, the credentials are used. Stored credentials are bound
	// to it: any change requires the credentials in the same request.
	Binds bool
	// Weakens marks a setting that decides to whom else, or in which form, the credentials are shown. Stored credentials are
	// bound to it too, but only some changes require them again: those for which Weakens returns true, because more parties
	// could read the credentials, or read them more easily. It gets both values in their canonical form, with the default for
	// a value that is not set. [WeakerScheme] makes one for authentication schemes.
	Weakens func(before, after string) bool
	// Default is documented and applied when calling. It is never stored or returned.
	Default string
	// Allowed lists the only possible values; empty allows every value of the type.
	Allowed []string
	// Deprecated has a warning for each allowed value that still works but should be replaced: a sentence that names the
	// field and says why and with what to replace it.
	Deprecated map[string]string
	// CheckValue validates a value that its type allows. Its error completes a sentence that starts with the field's name,
	// and never contains the value. Nil accepts all values.
	CheckValue func(value string) error
	// Fixes lists the faults that a change of this field usually fixes.
	Fixes []Code
	// Canonical returns the same text for all spellings of a value, for comparisons only: settings are returned as the user
	// wrote them. Without it, URLs compare without regard to a trailing slash and to the letter case of scheme and host, and
	// trusted certificates as a set.
	Canonical func(string) string
	// Help is one or two sentences for the reference documentation.
	Help string
}

// CACertificateField declares the setting [CACertificate]. The purpose completes the help, as in "for a network whose proxy
// signs with an authority of its own".
func CACertificateField(purpose string) Field {
	return Field{
		Name: CACertificate, Type: Certificates, Weakens: addsCertificate,
		Help: "Certificates (PEM) to trust besides those of the machine, " + purpose + ".",
	}
}

// BindsCredentials reports whether stored credentials are bound to the field, in one direction or both.
func (f Field) BindsCredentials() bool { return f.Binds || f.Weakens != nil }

// FieldFor returns the first field whose change usually fixes a fault; empty if the declaration has none.
func (s *System) FieldFor(code Code) string {
	for _, f := range s.Fields {
		if slices.Contains(f.Fixes, code) {
			return f.Name
		}
	}
	return ""
}
