package store

import (
	"errors"
	"testing"
)

// A keyset file has valid keys, or is damaged; the error never quotes it.
func FuzzKeysetFile(f *testing.F) {
	content, err := newKeysetFile()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content)
	f.Add(content[:len(content)/2])
	for _, seed := range []string{"", "{}", "null", `{"seal":{},"digest":{}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		keyset, err := parseKeysetFile(content)
		if err != nil {
			if !errors.Is(err, errMalformed) {
				t.Errorf("got %v", err)
			}
			return
		}
		if !keyset.valid() {
			t.Error("it took keys that are not valid")
		}
	})
}
