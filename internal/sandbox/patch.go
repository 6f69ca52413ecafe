package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
)

// Fields are what an order may change of something: pointers to its fields, by their names in JSON.
type Fields map[string]any

// Patch serves an order to change what there is one of: fields that it does not name, or names as null, stay.
func Patch[T any](s Controlled, fields func(*T) Fields, update func(change func(*T))) http.HandlerFunc {
	return patch(s, fields, func(_ *http.Request, change func(*T)) error {
		update(change)
		return nil
	})
}

// PatchChecked is [Patch] where the update may refuse the change.
func PatchChecked[T any](s Controlled, fields func(*T) Fields, update func(change func(*T)) error) http.HandlerFunc {
	return patch(s, fields, func(_ *http.Request, change func(*T)) error { return update(change) })
}

// PatchNamed is [Patch] for one of several, which the path names; update knows them by that name.
func PatchNamed[T any](
	s Controlled, wildcard string, fields func(*T) Fields, update func(name string, change func(*T)) error,
) http.HandlerFunc {
	return patch(s, fields, func(r *http.Request, change func(*T)) error { return update(r.PathValue(wildcard), change) })
}

func patch[T any](s Controlled, fields func(*T) Fields, act func(*http.Request, func(*T)) error) http.HandlerFunc {
	return HandleJSON(s, func(r *http.Request, given map[string]json.RawMessage) error {
		if err := fields(new(T)).set(given); err != nil {
			return fmt.Errorf("read JSON: %w", err)
		}
		var failed error
		err := act(r, func(changed *T) { failed = fields(changed).set(given) })
		return errors.Join(err, failed)
	})
}

// set changes the fields that are given.
func (f Fields) set(given map[string]json.RawMessage) error {
	for name, value := range given {
		field := f.named(name)
		if field == nil {
			return fmt.Errorf("json: unknown field %q", name)
		}
		if string(value) == "null" {
			continue
		}
		reflect.ValueOf(field).Elem().SetZero() // a list is a new one: the old one may be the seed's
		if err := json.Unmarshal(value, field); err != nil {
			return fmt.Errorf("field %q: %w", name, err)
		}
	}
	return nil
}

// named finds a field; letter case does not matter, as ever in Go's JSON.
func (f Fields) named(name string) any {
	for own, field := range f {
		if strings.EqualFold(own, name) {
			return field
		}
	}
	return nil
}
