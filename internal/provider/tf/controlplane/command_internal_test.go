package controlplane

import (
	"errors"
	"os"
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

func TestCommandNamesDataDirectoryAndKeyset(t *testing.T) {
	t.Parallel()
	running, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for want, notMade := range map[string]*NotMade{
		" run-cycle -- '-Ada'\\''s'":                                           nil,
		" run-cycle --data-dir '/srv/ri va' -- '-Ada'\\''s'":                   {DataDir: "/srv/ri va"},
		" run-cycle --data-dir '/srv/riva' --keyset '/k.json' -- '-Ada'\\''s'": {DataDir: "/srv/riva", Keyset: "/k.json"},
	} {
		a := &Access{NotMade: notMade}
		if got := a.Command("run-cycle", "-Ada's"); got != "'"+running+"'"+want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
