package controlplane

import (
	"errors"
	"os"
	"strings"
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
	for want, a := range map[string]*Access{
		"PROGRAM run-cycle -- '-Ada'\\''s'": {Embedded: true},
		"# The environment has RIVA_ENDPOINT, and RIVA_TOKEN or RIVA_CLIENT_ID and RIVA_CLIENT_SECRET.\n" +
			"  PROGRAM run-cycle -- '-Ada'\\''s'": {},
		"PROGRAM run-cycle --data-dir '/srv/ri va' -- '-Ada'\\''s'": {Embedded: true, NotMade: &NotMade{DataDir: "/srv/ri va"}},
		"PROGRAM run-cycle --data-dir '/srv/riva' --keyset '/k.json' -- '-Ada'\\''s'": {
			Embedded: true, NotMade: &NotMade{DataDir: "/srv/riva"}, Keyset: "/k.json",
		},
		"# The environment has RIVA_DATABASE_URL.\n  PROGRAM run-cycle --keyset '/k.json' -- '-Ada'\\''s'": {
			Embedded: true, Database: "postgres://db.example.com:5432/riva", Keyset: "/k.json",
		},
		"# The environment has RIVA_DATABASE_URL and RIVA_KEYSET_JSON.\n  PROGRAM run-cycle -- '-Ada'\\''s'": {
			Embedded: true, Database: "postgres://db.example.com:5432/riva",
		},
	} {
		if got := strings.Replace(a.Command("run-cycle", "-Ada's"), "'"+running+"'", "PROGRAM", 1); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
