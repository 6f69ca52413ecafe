package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
)

// Fields are the fields that a request may change: pointers to them, by their JSON names.
type Fields map[string]any

// Patch changes the only instance of a type. Fields that the request omits or sets to null keep their values.
func Patch[T any](s Controlled, fields func(*T) Fields, update func(change func(*T))) http.HandlerFunc {
	return patch(s, fields, func(_ *http.Request, change func(*T)) error {
		update(change)
		return nil
	})
}

// PatchChecked is [Patch] with an update that may return an error.
func PatchChecked[T any](s Controlled, fields func(*T) Fields, update func(change func(*T)) error) http.HandlerFunc {
	return patch(s, fields, func(_ *http.Request, change func(*T)) error { return update(change) })
}

// PatchNamed is [Patch] for one of several instances. The path contains its name, and update finds it by that name.
func PatchNamed[T any](
	s Controlled, wildcard string, fields func(*T) Fields, update func(name string, change func(*T)) error,
) http.HandlerFunc {
	return patch(s, fields, func(r *http.Request, change func(*T)) error { return update(r.PathValue(wildcard), change) })
}

func patch[T any](s Controlled, fields func(*T) Fields, act func(*http.Request, func(*T)) error) http.HandlerFunc {
	return HandleJSON(s, func(r *http.Request, values map[string]json.RawMessage) error {
		if err := fields(new(T)).set(values); err != nil {
			return fmt.Errorf("read JSON: %w", err)
		}
		var failed error
		err := act(r, func(changed *T) { failed = fields(changed).set(values) })
		return errors.Join(err, failed)
	})
}

// set changes the fields that values contains.
func (f Fields) set(values map[string]json.RawMessage) error {
	for name, value := range values {
		field := f.field(name)
		if field == nil {
			return fmt.Errorf("json: unknown field %q", name)
		}
		if string(value) == "null" {
			continue
		}
		reflect.ValueOf(field).Elem().SetZero() // clear it first: Unmarshal would overwrite the elements of a list that the seed shares
		if err := json.Unmarshal(value, field); err != nil {
			return fmt.Errorf("field %q: %w", name, err)
		}
	}
	return nil
}

// field finds a field by name. Letter case does not matter, as in encoding/json.
func (f Fields) field(name string) any {
	for own, field := range f {
		if strings.EqualFold(own, name) {
			return field
		}
	}
	return nil
}
