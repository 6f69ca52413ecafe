package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
)

// Patch changes the only instance of a type, a struct. The fields that a request may change are those of the state, and
// those with a tag such as patch:"password", which the state does not show. Fields that the request omits or sets to
// null keep their values.
func Patch[T any](s Controlled, update func(change func(*T))) http.HandlerFunc {
	return PatchChecked(s, func(change func(*T)) error {
		update(change)
		return nil
	})
}

// PatchChecked is [Patch] with an update that may return an error.
func PatchChecked[T any](s Controlled, update func(change func(*T)) error) http.HandlerFunc {
	return patch(s, func(_ *http.Request, change func(*T)) error { return update(change) })
}

// PatchNamed is [Patch] for one of several instances. The path contains its {name}, and update finds it by that name.
func PatchNamed[T any](s Controlled, update func(name string, change func(*T)) error) http.HandlerFunc {
	return patch(s, func(r *http.Request, change func(*T)) error { return update(r.PathValue("name"), change) })
}

func patch[T any](s Controlled, act func(*http.Request, func(*T)) error) http.HandlerFunc {
	return HandleJSON(s, func(r *http.Request, values map[string]json.RawMessage) error {
		if err := setFields(new(T), values); err != nil {
			return fmt.Errorf("read JSON: %w", err)
		}
		var failed error
		err := act(r, func(changed *T) { failed = setFields(changed, values) })
		return errors.Join(err, failed)
	})
}

// setFields changes the fields of a struct that values contains.
func setFields(target any, values map[string]json.RawMessage) error {
	for name, value := range values {
		field := fieldOf(reflect.ValueOf(target).Elem(), name)
		if !field.IsValid() {
			return fmt.Errorf("json: unknown field %q", name)
		}
		if string(value) == "null" {
			continue
		}
		field.SetZero() // first: Unmarshal would overwrite the elements of a list that the seed shares
		if err := json.Unmarshal(value, field.Addr().Interface()); err != nil {
			return fmt.Errorf("field %q: %w", name, err)
		}
	}
	return nil
}

// fieldOf finds a field by its name in JSON, in which letter case does not matter, as in encoding/json.
func fieldOf(of reflect.Value, name string) reflect.Value {
	for field, value := range of.Fields() {
		own, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if hidden, ok := field.Tag.Lookup("patch"); ok {
			own = hidden
		}
		if own != "-" && strings.EqualFold(own, name) {
			return value
		}
	}
	return reflect.Value{}
}
