package call_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

func TestDecodeJSON(t *testing.T) {
	t.Parallel()
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for name, test := range map[string]struct{ body, message string }{
		"object":              {` {"name":"Ada","more":[{}]} ` + "\n", ""},
		"brackets in strings": {`{"name":"` + strings.Repeat(`[{\"\\`, 100) + `"}`, ""},
		"many side by side":   {`{"name":"x","more":[` + strings.Repeat("{},", 1000) + `{}]}`, ""},
		"64 levels":           {`{"more":` + nested(63) + `}`, ""},
		"65 levels":           {`{"more":` + nested(64) + `}`, "64 levels deep"},
		"a bomb":              {strings.Repeat(`{"a":[`, 1_000_000), "64 levels deep"},
		"nothing":             {"", "empty"},
		"half":                {`{"name":"Ad`, "incomplete"},
		"half a list":         {`{"more":[{}`, "incomplete"},
		"a page":              {"<html></html>", "not JSON"},
		"two documents":       {`{}{}`, "more than one"},
		"something behind":    {`{} x`, "more than one"},
		"another type":        {`{"name":7}`, "an unexpected form"},
		"a list":              {`[]`, "an unexpected form"},
		"odd escape":          {`{"name":"\x"}`, "not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var into struct {
				Name string
				More any
			}
			err := call.DecodeJSON([]byte(test.body), &into)
			if (err == nil) != (test.message == "") || err != nil && !strings.Contains(err.Error(), test.message) {
				t.Errorf("got %v, want %q", err, test.message)
			}
			if errors.Is(err, call.ErrTruncated) != (test.message == "incomplete") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func FuzzDecodeJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,"]"]}`, `"\"`, `[[`, `]`, `{}x`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var into any
		if err := call.DecodeJSON(body, &into); err == nil && into == nil && !strings.Contains(string(body), "null") {
			t.Errorf("%q was read as nothing", body)
		}
	})
}
