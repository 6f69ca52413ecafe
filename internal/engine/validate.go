package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/names"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// invalidFields collects the invalid fields of a request, so that one error reports all of them.
type invalidFields []model.InvalidField

func (f *invalidFields) addf(path, format string, args ...any) {
	*f = append(*f, model.InvalidField{Path: path, Message: fmt.Sprintf(format, args...)})
}

// err returns a *[model.InvalidError], nil if no field is invalid.
func (f *invalidFields) err() error {
	if len(*f) == 0 {
		return nil
	}
	return &model.InvalidError{Fields: *f}
}

// name checks a name. Names are stored as they are, without trimming.
func (f *invalidFields) name(path, name string) {
	if strings.TrimSpace(names.Fold(name)) == "" {
		f.addf(path, "%s must not be empty or only white space: enter a name that users recognize.", path)
		return
	}
	f.text(path, name)
}

// text checks one line of text.
func (f *invalidFields) text(path, text string) {
	if !utf8.ValidString(text) {
		f.addf(path, "%s must be UTF-8 text.", path)
		return
	}
	if n := utf8.RuneCountInString(text); n > api.MaxNameLength {
		f.addf(path, "%s has %d characters and must not have more than %d: shorten it.", path, n, api.MaxNameLength)
	}
	if strings.ContainsFunc(text, unicode.IsControl) {
		f.addf(path, "%s must not contain control characters, such as line breaks and tabs: remove them.", path)
	}
	f.visible(path, text)
}

// visible checks that a text has no invisible characters.
func (f *invalidFields) visible(path, text string) {
	if err := names.Check(text); err != nil {
		f.addf(path, "%s %s.", path, err)
	}
}

// policyID checks that a sync policy has the id.
func (f *invalidFields) policyID(ctx context.Context, tx model.Tx, path, id string) error {
	_, err := tx.Policy(ctx, id)
	if err == nil {
		return nil
	}
	if !errors.Is(err, model.ErrNotFound) {
		return fmt.Errorf("read sync policy %s: %w", id, err)
	}
	c, err := tx.Connection(ctx, id)
	switch {
	case err == nil:
		f.addf(path, "%q is the id of the connection %q: set %s to the id of a sync policy.", id, c.Name, path)
	case errors.Is(err, model.ErrNotFound):
		f.addf(path, "No sync policy has the id %q: set %s to the id of a sync policy.", id, path)
	default:
		return fmt.Errorf("read connection %s: %w", id, err)
	}
	return nil
}

// email checks an email address: a bare one, without a display name or comments.
func (f *invalidFields) email(e *Engine, path, email string) {
	if email == "" {
		f.addf(path, "%s is required: enter one email address such as user@example.com.", path)
		return
	}
	if len(email) > api.MaxEmailLength {
		f.addf(path, "%s has %d bytes and must not have more than %d: shorten it.", path, len(email), api.MaxEmailLength)
		return
	}
	if err := (target.Field{Name: path, Type: target.EmailAddress}).Check(email, e.network); err != nil {
		f.addf(path, "%s", err)
		return
	}
	f.visible(path, email)
}

// fields checks settings and submitted credentials against the declaration of the system.
func (f *invalidFields) fields(e *Engine, s *target.System, settings target.Settings, c target.Credentials) {
	for _, fieldError := range s.Validate(settings, c, e.network) {
		path := "settings." + fieldError.Field
		if fieldError.Secret {
			path = "credentials." + fieldError.Field
		}
		f.addf(path, "%s", fieldError.Error())
	}
}

// credentials requires credentials; the message lists the grants to choose from.
func (f *invalidFields) credentials(s *target.System, settings target.Settings, c target.Credentials) {
	if len(c) > 0 {
		return // checked with the fields
	}
	if _, err := s.Grant(settings, c); err != nil {
		f.addf("credentials", "%s", err)
	}
}

// checkNameFree returns a *[model.NameTakenError] if a connection other than id has the name. The store checks this as well when
// it writes; checking earlier avoids a sign-in.
func checkNameFree(ctx context.Context, tx model.Tx, name, id string) error {
	other, err := tx.ConnectionByName(ctx, name)
	switch {
	case errors.Is(err, model.ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("find a connection named %q: %w", name, err)
	case other.ID != id:
		return &model.NameTakenError{Object: "connection", Name: other.Name, ID: other.ID}
	}
	return nil
}

// setIfPresent sets a member to the value of a change, if the change has one.
func setIfPresent[T any](member, value *T) {
	if value != nil {
		*member = *value
	}
}
