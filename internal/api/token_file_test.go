package api_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

func TestTokenFileIsReadAgain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "token")
	synctest.Test(t, func(t *testing.T) {
		source := oauth2.ReuseTokenSource(nil, api.TokenFile(path))
		for _, want := range []string{"first", "second"} {
			if err := os.WriteFile(path, []byte(want+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			<-time.After(time.Minute)
			if token, err := source.Token(); err != nil || token.AccessToken != want {
				t.Errorf("got %v, %v, want %s", token, err, want)
			}
		}
	})
}

func TestUnusableTokenFileIsError(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, test := range map[string]struct{ content, want string }{
		"empty":      {" \n", "is empty"},
		"two lines":  {"one\ntwo\n", "contains more than a token"},
		"too long":   {strings.Repeat("a", 65<<10), "too long"},
		"no letters": {"a\x00b", "contains more than a token"},
	} {
		path := filepath.Join(dir, strings.ReplaceAll(name, " ", "-"))
		if err := os.WriteFile(path, []byte(test.content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := api.TokenFile(path).Token()
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for path, want := range map[string]string{dir: "not a file", filepath.Join(dir, "missing"): "no such file"} {
		if _, err := api.TokenFile(path).Token(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", path, err)
		}
	}
}
