//go:build unix

package checkout_test

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestQuickStartWorks tests that terraform and tofu find the installed provider.
func TestInstallReplacesOldVersion(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	for version, content := range map[string]string{"0.1.1": "old", "0.1.2": "new"} {
		must(t, os.WriteFile(filepath.Join(c.dir, "bin", "terraform-provider-riva"), []byte(content), 0o600))
		c.run(t, "", "tools/install.sh "+version, "")
		var installed, want []string
		for _, registry := range []string{"registry.opentofu.org", "registry.terraform.io"} {
			want = append(want, filepath.Join(c.home, ".terraform.d", "plugins", registry, "terraform-provider-riva", "riva",
				version, runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-riva_v"+version))
		}
		must(t, filepath.WalkDir(filepath.Join(c.home, ".terraform.d"), func(file string, entry os.DirEntry, err error) error {
			if err == nil && !entry.IsDir() {
				installed = append(installed, file)
			}
			return err
		}))
		if !slices.Equal(installed, want) {
			t.Fatalf("installed files\n%s\nwant\n%s", strings.Join(installed, "\n"), strings.Join(want, "\n"))
		}
		for _, file := range installed {
			if got := readText(t, file); got != content {
				t.Errorf("%s contains %q, want %q", file, got, content)
			}
		}
	}
}

func TestInstallRejectsOldVersion(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	out, err := c.shell(t.Context(), "", "tools/install.sh 1.0.0-beta1").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "three numbers") {
		t.Errorf("the result for a prerelease is %v and %s, want an error with the form of a version", err, out)
	}
}
