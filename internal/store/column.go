package store

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
)

// timeLayout has a fixed width, so that times sort correctly as text. All times are in UTC.
const timeLayout = "2006-01-02T15:04:05.000000Z"

func asTime(t time.Time) string { return t.UTC().Format(timeLayout) }

func asOptionalTime(t *time.Time) any {
	if t == nil {
		return nil
	}
	return asTime(*t)
}

// timeColumn reads what asTime wrote.
type timeColumn struct{ into *time.Time }

func (c timeColumn) Scan(value any) error {
	text, err := textOf(value)
	if err != nil {
		return err
	}
	*c.into, err = time.Parse(timeLayout, text)
	return err
}

// optionalTimeColumn reads what asOptionalTime wrote.
type optionalTimeColumn struct{ into **time.Time }

func (c optionalTimeColumn) Scan(value any) error {
	if value == nil {
		*c.into = nil
		return nil
	}
	var t time.Time
	*c.into = &t
	return timeColumn{&t}.Scan(value)
}

// asText writes bytes as base64; no bytes are NULL.
func asText(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return base64.StdEncoding.EncodeToString(b)
}

// bytesColumn reads what asText wrote.
type bytesColumn struct{ into *[]byte }

func (c bytesColumn) Scan(value any) error {
	if value == nil {
		*c.into = nil
		return nil
	}
	text, err := textOf(value)
	if err != nil {
		return err
	}
	*c.into, err = base64.StdEncoding.DecodeString(text)
	return err
}

// asJSON writes a value; a nil pointer is NULL.
func asJSON[T any](value *T) (any, error) {
	if value == nil {
		return nil, nil //nolint:nilnil // NULL
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encode %T: %w", *value, err)
	}
	return string(text), nil
}

// jsonColumn reads what asJSON wrote.
type jsonColumn[T any] struct{ into **T }

func (c jsonColumn[T]) Scan(value any) error {
	if value == nil {
		*c.into = nil
		return nil
	}
	text, err := textOf(value)
	if err != nil {
		return err
	}
	*c.into = new(T)
	return json.Unmarshal([]byte(text), *c.into)
}

// asList writes a list of texts; an empty list is NULL.
func asList(list []string) (any, error) {
	if len(list) == 0 {
		return nil, nil //nolint:nilnil // NULL
	}
	return asJSON(&list)
}

// listColumn reads what asList wrote.
type listColumn struct{ into *[]string }

func (c listColumn) Scan(value any) error {
	*c.into = nil
	if value == nil {
		return nil
	}
	text, err := textOf(value)
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(text), c.into)
}

func textOf(value any) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	}
	return "", fmt.Errorf("text expected, found %T", value)
}

// orNull writes an optional reference; an empty one is NULL.
func orNull(id string) any {
	if id == "" {
		return nil
	}
	return id
}
