//go:build unix

package checkout_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each guide begins with when to read it, and ends with what the reader should see.
func TestGuidesBeginAndEndForReaders(t *testing.T) {
	t.Parallel()
	guides, err := filepath.Glob("docs/guides/*.md")
	must(t, err)
	heading := regexp.MustCompile(`(?m)^## `)
	for _, guide := range guides {
		t.Run(filepath.Base(guide), func(t *testing.T) {
			t.Parallel()
			parts := heading.Split(readText(t, guide), -1)
			if len(parts) < 3 {
				t.Fatalf("it has %d parts", len(parts))
			}
			if !strings.Contains(parts[0], "ead this page") {
				t.Errorf("it does not begin with when to read it:\n%s", parts[0])
			}
			if last := strings.ToLower(strings.Join(parts[len(parts)-2:], "")); !strings.Contains(last, "should see") {
				t.Errorf("it does not end with what to see now:\n%s", last)
			}
		})
	}
}

func TestEveryPictureIsShown(t *testing.T) {
	t.Parallel()
	pictures, err := os.ReadDir(".github/pictures")
	must(t, err)
	pages := readText(t, "README.md") + readAll(t, "docs/*.md") + readAll(t, "docs/*/*.md")
	shown := 0
	for _, picture := range pictures {
		if filepath.Ext(picture.Name()) == ".d2" {
			continue
		}
		shown++
		image := `!\[[^\]]{20,}\]\([^)]*\.github/pictures/` + regexp.QuoteMeta(picture.Name()) + `\)`
		if !regexp.MustCompile(image).MatchString(pages) {
			t.Errorf("no page shows %s with a description", picture.Name())
		}
	}
	if shown < 9 {
		t.Errorf("found only %d pictures", shown)
	}
}
