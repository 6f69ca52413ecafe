package acctest

import (
	"archive/zip"
	"io"
	"os"
	"strings"
	"testing"
)

// Contents reads a file. Of a zip archive, such as a saved plan, it also reads every member.
func Contents(t *testing.T, file string) map[string]string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{file: string(raw)}
	archive, err := zip.OpenReader(file)
	if err != nil {
		return all
	}
	defer archive.Close() //nolint:errcheck // only read from
	for _, member := range archive.File {
		reader, err := member.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		all[file+"/"+member.Name] = string(text)
	}
	return all
}

// ExpectAbsent fails the test if a file, or a member of a zip archive, contains a secret.
func ExpectAbsent(t *testing.T, file, secret string) {
	t.Helper()
	for name, text := range Contents(t, file) {
		if strings.Contains(text, secret) {
			t.Errorf("%s contains the secret", name)
		}
	}
}
