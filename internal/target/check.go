package target

import (
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Maximum sizes of values, in bytes. Documents are PEM and JSON. No vendor documents a maximum for refresh tokens, and
// Microsoft's for apps with many permissions are known to be longer than any setting.
const (
	maxSetting          = 2000
	maxDocumentOrSecret = 16 << 10
)

// FieldError is one invalid setting or secret of a connection. Its message names the field and says what to write instead;
// it never contains the value of a secret.
type FieldError struct {
	// Field is the name of the field.
	Field string
	// Secret reports that the field is one of the credentials.
	Secret bool
	// Message is one or two sentences.
	Message string
	// GrantHelp is a sentence that lists the grants with the names of their fields; empty if the message is enough.
	GrantHelp string
}

// Error returns the message and the list of grants.
func (e FieldError) Error() string { return strings.TrimSpace(e.Message + " " + e.GrantHelp) }

// Check validates one value of the field. The error is a [FieldError].
func (f Field) Check(value string, n Network) error {
	if err := f.check(value, n); err != nil {
		return f.fieldError(err.Error())
	}
	return nil
}

// emptyText completes the message about an empty value.
func (f Field) emptyText() string {
	if f.Required {
		return "must not be empty: it is required"
	}
	return "must not be empty: set a value, or remove it"
}

func (f Field) fieldError(message string) FieldError {
	return FieldError{Field: f.Name, Secret: f.Secret, Message: f.Name + " " + message + "."}
}

// check returns an error that completes a sentence starting with the field's name. It never contains the value.
func (f Field) check(value string, n Network) error {
	if err := f.checkText(value); err != nil {
		return err
	}
	if len(f.Allowed) > 0 && !slices.Contains(f.Allowed, value) {
		return fmt.Errorf(`must be one of "%s"`, strings.Join(f.Allowed, `", "`))
	}
	if err := f.checkType(value, n); err != nil || f.CheckValue == nil {
		return err
	}
	return f.CheckValue(value)
}

func (f Field) checkType(value string, n Network) error {
	switch f.Type {
	case String:
		return nil
	case URL:
		return checkURL(value, n)
	case EmailAddress:
		return checkEmailAddress(value)
	case Certificates:
		return checkCertificates(value)
	case PrivateKey:
		return CheckPrivateKey(value)
	case JSON:
		return checkJSON(value)
	}
	return nil
}

func (f Field) checkText(value string) error {
	document := f.Type.isDocument()
	maxSize := maxSetting
	if document || f.Secret {
		maxSize = maxDocumentOrSecret
	}
	switch {
	case value == "":
		return errors.New(f.emptyText())
	case len(value) > maxSize:
		return fmt.Errorf("must not be longer than %d bytes", maxSize)
	case !utf8.ValidString(value) && f.Type.isPEM():
		return f.checkType(value, Network{}) // it says which binary file it is
	case !utf8.ValidString(value):
		return errors.New("must be UTF-8 text")
	case strings.ContainsFunc(value, func(r rune) bool { return unicode.IsControl(r) && (!document || !isBreak(r)) }):
		return errors.New("must not contain control characters; often it is a line break at the end of a file, which " +
			"trimspace(…) removes")
	case !document && !f.Secret && strings.TrimSpace(value) != value:
		return errors.New("must not begin or end with white space")
	}
	return nil
}

func isBreak(r rune) bool { return r == '\n' || r == '\r' || r == '\t' }

func checkEmailAddress(value string) error {
	address, err := mail.ParseAddress(value)
	if err != nil || address.Name != "" || address.Address != value {
		return errors.New("must be one email address such as user@example.com")
	}
	return nil
}
