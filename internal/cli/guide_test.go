package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

var (
	// shellBlock matches the blocks of commands in a page.
	shellBlock = regexp.MustCompile("(?ms)^ *```(?:shell|console)\n(.*?)\n *```")
	// inShell finds the commands of this program in a block. The end of one is a separator of the shell, or a redirection.
	inShell = regexp.MustCompile(`(?m)(?:^|[\s$(;&])terraform-provider-riva ([^>|;&)\n]+)`)
)

// Each command of this program in a guide has existing flags and the right number of arguments.
func TestGuideShowsCommandsThatExist(t *testing.T) {
	t.Parallel()
	guides, err := filepath.Glob(filepath.Join("..", "..", "templates", "guides", "*.md*"))
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, guide := range guides {
		page, err := os.ReadFile(guide)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range shellBlock.FindAllStringSubmatch(string(page), -1) {
			joined := strings.ReplaceAll(block[1], "\\\n", " ")
			for _, line := range inShell.FindAllStringSubmatch(joined, -1) {
				text, _, _ := strings.Cut(strings.ReplaceAll(line[1], `"$@"`, ""), " #") // the arguments of a function
				command, rest, err := newCommand().Find(strings.Fields(text))
				if err == nil {
					err = command.ParseFlags(rest)
				}
				if err == nil && command.Args != nil {
					err = command.ValidateArgs(command.Flags().Args())
				}
				if err != nil || !command.Runnable() {
					t.Errorf("%s shows %s: %v", filepath.Base(guide), text, err)
				}
				checked++
			}
		}
	}
	if checked < 30 {
		t.Errorf("only %d commands were checked", checked)
	}
}

// subcommands are the names of the commands below a command.
func subcommands(of *cobra.Command) []string {
	var all []string
	for _, command := range of.Commands() {
		all = append(all, of.Name()+" "+command.Name())
	}
	return all
}

func TestCommandsGuideNamesEveryCommand(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "..", "templates", "guides", "commands.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range newCommand().Commands() {
		for _, name := range append(subcommands(command), command.Name()) {
			if !strings.Contains(string(page), "| `"+name) {
				t.Errorf("the table does not have %s", name)
			}
		}
	}
}
