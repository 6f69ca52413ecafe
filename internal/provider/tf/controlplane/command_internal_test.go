package controlplane

import (
	"errors"
	"testing"
)

func TestShellQuotedIsOneWord(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Mail and calendars": `'Mail and calendars'`,
		"$(reboot)":          `'$(reboot)'`,
		"Ada's":              `'Ada'\''s'`,
	} {
		if got := shellQuoted(name); got != want {
			t.Errorf("%q is quoted as %s, want %s", name, got, want)
		}
	}
}

func TestCommandUsesExecutablePath(t *testing.T) {
	t.Parallel()
	const file = "/home/ada/my code/.terraform/providers/terraform-provider-riva_v1.2.3"
	if got := executablePath(file, nil); got != "'"+file+"'" {
		t.Errorf("the program is %s", got)
	}
	if got := executablePath("", errors.ErrUnsupported); got != "terraform-provider-riva" {
		t.Errorf("where that is not known the program is %s", got)
	}
}
