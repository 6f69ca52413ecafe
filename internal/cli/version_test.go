package cli_test

import (
	"regexp"
	"runtime"
	"strings"
	"testing"
)

func TestVersionOutput(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	command := newCommand("version")
	command.SetOut(&out)
	if err := command.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`^terraform-provider-riva 0\.0\.0-test\ncommit   0123abc\ngo       go1\.\d+.*\nplatform ` +
		runtime.GOOS + "/" + runtime.GOARCH + `\n$`)
	if !want.MatchString(out.String()) {
		t.Errorf("version prints\n%swant a match of\n%s", out.String(), want)
	}
}
