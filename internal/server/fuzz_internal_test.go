package server

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// A cursor is an id, which comes back as the same cursor, or is rejected.
func FuzzCursor(f *testing.F) {
	for _, cursor := range []string{
		"", "AZjB8AAAcACAAAAAAAAAAQ", "AZjB8AAAcACAAAAAAAAAAQ==", "x", "\x00", strings.Repeat("A", 64), "AZjB8AAAcACAAAAAAAAAAR",
	} {
		f.Add(cursor)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		page, err := PageInput{Limit: 1, Cursor: cursor}.page()
		if err != nil || cursor == "" {
			return
		}
		if uuid.Validate(page.After) != nil {
			t.Errorf("%q is %q", cursor, page.After)
		}
		itself := func(s *string) string { return *s }
		next := pageOutput([]string{page.After}, 1, itself, itself).Body.Next
		if again, err := (PageInput{Limit: 1, Cursor: next}).page(); err != nil || again != page {
			t.Errorf("%q continues with %q: %v, %v", cursor, next, again, err)
		}
	})
}

// A body is JSON without duplicate keys and deep nesting, or the error has nothing of its values.
func FuzzRequestBody(f *testing.F) {
	for _, body := range []string{
		`{"name":"a","credentials":{"password":"hunter2-canary"}}`, `{"a":1,"a":2}`, `{"a":"hunter2-canary`, `{"a":"\ud800"}`, "\x00",
		"\xff",
		`{"a":"\u0000"}`, strings.Repeat("[", 100), "", "1", `{"a":1}x`, `{"hunter2":{"a":[{"b":1,"b":2}]}}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		err := checkTokens(body)
		var read map[string]json.RawMessage
		if err == nil && json.Valid(body) && json.Unmarshal(body, &read) == nil && depth(body) > api.MaxBodyDepth {
			t.Errorf("took %d levels", depth(body))
		}
		if err != nil && (!utf8.ValidString(err.Error()) || strings.Contains(err.Error(), "hunter2-canary") &&
			!strings.Contains(err.Error(), "twice")) {
			t.Errorf("got %q", err)
		}
	})
}

// depth is how deep valid JSON is nested.
func depth(body []byte) int {
	decoder, now, deepest := json.NewDecoder(strings.NewReader(string(body))), 0, 0
	for {
		token, err := decoder.Token()
		switch {
		case err != nil:
			return deepest
		case token == json.Delim('{'), token == json.Delim('['):
			now++
		case token == json.Delim('}'), token == json.Delim(']'):
			now--
		}
		deepest = max(deepest, now)
	}
}
