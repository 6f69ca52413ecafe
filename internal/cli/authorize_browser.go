package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// errNoDisplay means that a browser has no display to open on.
var errNoDisplay = errors.New("this session has no display")

// openBrowser opens an address in the person's browser, and does not wait for it: with the commands in BROWSER, or else with that
// of the system. Other users of the machine can read the arguments of a process and so the address. It is of no use to them: only
// the expected person can sign in there, or a sign-in that is confirmed in the terminal.
func openBrowser(ctx context.Context, address string) error {
	commands, err := browserCommands(runtime.GOOS, os.Getenv)
	if err != nil {
		return err
	}
	var failed error
	for _, command := range commands {
		if err = startBrowser(ctx, command, address); err == nil {
			return nil
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// browserCommands are the commands to try, one after the other. BROWSER is a list of commands in which %s is the address; without
// it, the address is the last argument.
func browserCommands(system string, getenv func(string) string) ([][]string, error) {
	var commands [][]string
	for _, command := range filepath.SplitList(getenv("BROWSER")) {
		if words := strings.Fields(command); len(words) > 0 {
			commands = append(commands, words)
		}
	}
	switch {
	case len(commands) > 0:
		return commands, nil
	case system == "darwin":
		return [][]string{{"open"}}, nil
	case system == "windows":
		return [][]string{{"rundll32", "url.dll,FileProtocolHandler"}}, nil
	case getenv("DISPLAY") == "" && getenv("WAYLAND_DISPLAY") == "":
		return nil, errNoDisplay
	}
	return [][]string{{"xdg-open"}}, nil
}

// startBrowser starts a command. What it prints would disturb the dialog, and is not shown.
func startBrowser(ctx context.Context, words []string, address string) error {
	words = slices.Clone(words)
	found := false
	for i := range words[1:] {
		found = found || strings.Contains(words[i+1], "%s")
		words[i+1] = strings.ReplaceAll(words[i+1], "%s", address)
	}
	if !found {
		words = append(words, address)
	}
	// The browser stays open after the end of this process.
	command := exec.CommandContext(context.WithoutCancel(ctx), words[0], words[1:]...) //nolint:gosec // the person's own BROWSER
	detach(command)
	if err := command.Start(); err != nil {
		return fmt.Errorf("start %s: %w", words[0], err)
	}
	go func() { _ = command.Wait() }() // how it ends, the person sees
	return nil
}
