package target

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Validate lists the errors of settings and credentials, in the order of the declaration; nil if all are valid. Credentials
// may be empty: the stored ones stay valid then. They may also be what only the sign-in of a person completes.
func (s *System) Validate(settings Settings, credentials Credentials, n Network) []FieldError {
	fieldErrs := append(s.undeclaredFields(settings, false), s.undeclaredFields(credentials, true)...)
	for _, f := range s.Fields {
		given := map[string]string(settings)
		if f.Secret {
			given = credentials
		}
		value, ok := given[f.Name]
		if !ok {
			if f.Required && !f.Secret {
				fieldErrs = append(fieldErrs, f.fieldError("is required"))
			}
			continue
		}
		if fieldErr, wrong := errors.AsType[FieldError](f.Check(value, n)); wrong {
			fieldErrs = append(fieldErrs, fieldErr)
		}
	}
	if len(fieldErrs) > 0 {
		return fieldErrs
	}
	if fieldErr, wrong := errors.AsType[FieldError](s.checkCombination(settings, credentials)); wrong {
		return []FieldError{fieldErr}
	}
	return nil
}

// checkCombination validates the combination of values that are valid on their own.
func (s *System) checkCombination(settings Settings, credentials Credentials) error {
	if s.Check != nil {
		if err := s.Check(settings); err != nil {
			return err
		}
	}
	if len(credentials) == 0 || s.Waits(settings, credentials) {
		return nil
	}
	_, err := s.Grant(settings, credentials)
	return err
}

// undeclaredFields lists values under names that are not declared, or declared as the other kind of field.
func (s *System) undeclaredFields(given map[string]string, secret bool) []FieldError {
	kind, known := "setting", s.Settings()
	if secret {
		kind, known = "secret", s.Secrets()
	}
	var fieldErrs []FieldError //nolint:prealloc // most settings have no errors, and nil means none
	for _, name := range slices.Sorted(maps.Keys(given)) {
		f, declared := s.Field(name)
		var message string
		switch {
		case declared && f.Secret == secret:
			continue
		case declared && f.Secret:
			message = "is a secret; set it in the credentials"
		case declared:
			message = "is not a secret; set it in the settings"
		default:
			message = fmt.Sprintf("is not a %s of %s; it has %s", kind, s.Title, enumerate(names(known), "and"))
		}
		fieldErrs = append(fieldErrs, FieldError{Field: name, Secret: secret, Message: quoteName(name) + " " + message + "."})
	}
	return fieldErrs
}

// quoteName quotes a name from the request for a message, and shortens it.
func quoteName(name string) string {
	if len(name) > 64 {
		name = strings.ToValidUTF8(name[:64], "") + "…"
	}
	return strconv.Quote(name)
}

func names(fields []Field) []string {
	all := make([]string, len(fields))
	for i, f := range fields {
		all[i] = f.Name
	}
	return all
}

// enumerate writes "a", "a and b", "a, b and c".
func enumerate(names []string, conjunction string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " " + conjunction + " " + names[last]
}
