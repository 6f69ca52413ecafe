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

// invalidFields collects what is wrong with a request, so that people mend it in one go.
type invalidFields []model.InvalidField

func (p *invalidFields) add(path, format string, args ...any) {
	*p = append(*p, model.InvalidField{Path: path, Message: fmt.Sprintf(format, args...)})
}

// err is an *InvalidError if anything is wrong.
func (p *invalidFields) err() error {
	if len(*p) == 0 {
		return nil
	}
	return &model.InvalidError{Fields: *p}
}

// name checks a display name. It is kept as given: not even trimmed.
func (p *invalidFields) name(path, name string) {
	if strings.TrimSpace(names.Fold(name)) == "" {
		p.add(path, "%s must not be empty or only white space: give one that people recognise.", path)
		return
	}
	p.text(path, name)
}

// text checks one line for people.
func (p *invalidFields) text(path, text string) {
	if !utf8.ValidString(text) {
		p.add(path, "%s must be UTF-8 text.", path)
		return
	}
	if n := utf8.RuneCountInString(text); n > api.MaxNameLength {
		p.add(path, "%s has %d characters and must not have more than %d: shorten it.", path, n, api.MaxNameLength)
	}
	if strings.ContainsFunc(text, unicode.IsControl) {
		p.add(path, "%s must not contain control characters, such as line breaks and tabs: remove them.", path)
	}
	p.visible(path, text)
}

// visible checks that readers see all of a text.
func (p *invalidFields) visible(path, text string) {
	if err := names.Check(text); err != nil {
		p.add(path, "%s %s.", path, err)
	}
}

// email checks an email address: a bare one, without a display name or comments.
func (p *invalidFields) email(e *Engine, path, email string) {
	if email == "" {
		p.add(path, "%s is required: give one email address such as user@example.com.", path)
		return
	}
	if len(email) > api.MaxEmailLength {
		p.add(path, "%s has %d bytes and must not have more than %d: shorten it.", path, len(email), api.MaxEmailLength)
		return
	}
	if err := (target.Field{Name: path, Type: target.EmailAddress}).Check(email, e.network); err != nil {
		p.add(path, "%s", err)
		return
	}
	p.visible(path, email)
}

// fields checks settings, and credentials if any are given, against the declaration of the system.
func (p *invalidFields) fields(e *Engine, s *target.System, settings target.Settings, c target.Credentials) {
	for _, wrong := range s.Validate(settings, c, e.network) {
		path := "settings." + wrong.Field
		if wrong.Secret {
			path = "credentials." + wrong.Field
		}
		p.add(path, "%s", wrong.Error())
	}
}

// credentials demands credentials; the message lists the sets to choose from.
func (p *invalidFields) credentials(s *target.System, settings target.Settings, c target.Credentials) {
	if len(c) > 0 {
		return // judged with the fields
	}
	if _, err := s.Grant(settings, c); err != nil {
		p.add("credentials", "%s", err)
	}
}

// checkNameFree reports a *NameTakenError if a connection other than id has the name. The store would, when it comes to
// writing; asking earlier spares a sign-in.
func checkNameFree(ctx context.Context, tx model.Tx, name, id string) error {
	other, err := tx.ConnectionByName(ctx, name)
	switch {
	case errors.Is(err, model.ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("look for a connection named %q: %w", name, err)
	case other.ID != id:
		return &model.NameTakenError{Object: "connection", Name: other.Name, ID: other.ID}
	}
	return nil
}

// setIfPresent gives a member the value that a change has for it, if any.
func setIfPresent[T any](member, value *T) {
	if value != nil {
		*member = *value
	}
}
