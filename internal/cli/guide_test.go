package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// inGuide finds the command lines in the code blocks of a guide.
var inGuide = regexp.MustCompile(`(?m)^(?:\$ |[0-9*][0-9* ]+ )terraform-provider-riva ([^>\n]+)`)

// subcommands are the names of the commands below a command.
func subcommands(of *cobra.Command) []string {
	var all []string
	for _, command := range of.Commands() {
		all = append(all, of.Name()+" "+command.Name())
	}
	return all
}

func TestGuideShowsCommandsThatExist(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "..", "templates", "guides", "commands.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := inGuide.FindAllStringSubmatch(string(page), -1)
	if len(found) < 6 {
		t.Errorf("the guide has %d commands: %q", len(found), found)
	}
	for _, line := range found {
		command, rest, err := newCommand().Find(strings.Fields(line[1]))
		if err == nil {
			err = command.ParseFlags(rest)
		}
		if err == nil {
			err = command.ValidateArgs(command.Flags().Args())
		}
		if err != nil || !command.Runnable() {
			t.Errorf("%s: %v", line[1], err)
		}
	}
	for _, command := range newCommand().Commands() {
		for _, name := range append(subcommands(command), command.Name()) {
			if !strings.Contains(string(page), "| `"+name) {
				t.Errorf("the table does not have %s", name)
			}
		}
	}
}
