package main

import (
	"strings"
	"testing"
)

func TestSingleDashDebugFlag(t *testing.T) {
	t.Parallel()
	args := []string{"-debug"}
	root := newRootCommand(args)
	if err := root.ParseFlags(longFlags(args)); err != nil {
		t.Fatalf("-debug is rejected: %v", err)
	}
	if debug, err := root.Flags().GetBool("debug"); err != nil || !debug {
		t.Errorf("-debug set the flag to %v (%v), want true", debug, err)
	}
	if args[0] != "-debug" {
		t.Errorf("the arguments of the process became %v", args)
	}
}

func TestUnknownSubcommandIsAnError(t *testing.T) {
	t.Parallel()
	root := newRootCommand([]string{"run-cycles"})
	err := root.ExecuteContext(t.Context())
	if err == nil || !strings.Contains(err.Error(), `unknown command "run-cycles"`) {
		t.Errorf("the error for a mistyped subcommand is %v, want one that names it", err)
	}
}

func TestRootHasSubcommands(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"audit", "connections", "run-cycle", "serve", "version"} {
		if command, _, err := newRootCommand(nil).Find([]string{name}); err != nil || command.Name() != name {
			t.Errorf("%s: the command is %v, %v", name, command, err)
		}
	}
}
