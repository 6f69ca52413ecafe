package target

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Longest values, in bytes. Documents are PEM and JSON; of secrets, refresh tokens have no bound that a vendor would name,
// and Microsoft's of apps with many permissions are known to be longer than any setting.
const (
	maxSetting          = 2000
	maxDocumentOrSecret = 16 << 10
)

// FieldError is one thing that is wrong with the settings or the credentials of a connection. Its message names the field
// and says what to write instead; it never holds the value of a secret.
type FieldError struct {
	// Field is the name of the field.
	Field string
	// Secret tells that the field is one of the credentials.
	Secret bool
	// Message is one sentence or two.
	Message string
	// GrantHelp are those to sign in, as a sentence with the names of the fields; empty where the message is enough.
	GrantHelp string
}

// Error gives the message, and the ways to sign in.
func (p FieldError) Error() string { return strings.TrimSpace(p.Message + " " + p.GrantHelp) }

// Check says what is wrong with one value of the field, as a [FieldError]; nil if nothing is.
func (f Field) Check(value string, n Network) error {
	if err := f.check(value, n); err != nil {
		return f.fieldError(err.Error())
	}
	return nil
}

func (f Field) fieldError(message string) FieldError {
	return FieldError{Field: f.Name, Secret: f.Secret, Message: f.Name + " " + message + "."}
}

// check's errors complete a sentence that starts with the field's name, and never hold the value.
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
		return checkPrivateKey(value)
	case JSON:
		if !json.Valid([]byte(value)) {
			return errors.New("must be a JSON document")
		}
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
		return errors.New("must not be empty; leave it out where there is nothing to say")
	case len(value) > maxSize:
		return fmt.Errorf("must not be longer than %d bytes", maxSize)
	case !utf8.ValidString(value):
		return errors.New("must be UTF-8 text")
	case strings.ContainsFunc(value, func(r rune) bool { return unicode.IsControl(r) && (!document || !isBreak(r)) }):
		return errors.New("must not contain control characters; often it is a line break at the end of a file")
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
