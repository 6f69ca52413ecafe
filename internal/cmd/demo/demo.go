package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/workdir"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

// demo has a working directory, and stand-ins with the users' accounts.
type demo struct {
	out        io.Writer
	dir        *workdir.Dir
	exchange   *exchange.Server
	salesforce *salesforce.Server
	outputs    map[string]string // the latest output of each command line

	// The values of the configuration. The target systems may have other ones.
	password      string
	firstPassword string // the password at the beginning
	key           string // empty: the configuration has the app's secret instead
	noSecret      bool   // the configuration has neither
	trigger       string
}

// step is one step of the demo.
type step struct {
	title string
	// before changes something before the commands, and returns what it has changed.
	before func(*demo) (string, error)
	// commands are run in order.
	commands []command
}

// command is a command line and its expected result.
type command struct {
	// provider runs the provider's own binary instead of terraform.
	provider bool
	args     []string
	// person opens the link that the command prints, and signs in, while the command waits; nil if no person is needed.
	person func(ctx context.Context, d *demo, link string) error
	// fails means that the command must exit with a status other than 0.
	fails bool
	// shows are texts that the output must contain, regardless of line breaks; hides are texts that it must not contain.
	shows, hides []string
	// same and differs compare the output with the previous output of the same command.
	same, differs bool
}

func (d *demo) run(ctx context.Context, step step) error {
	fmt.Fprintf(d.out, "\n━━ %s\n", step.title)
	if step.before != nil {
		change, err := step.before(d)
		if err != nil {
			return err
		}
		fmt.Fprintf(d.out, "   %s\n", change)
	}
	for _, c := range step.commands {
		if err := d.command(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) command(ctx context.Context, c command) error {
	tool, run := d.dir.Tool(), d.dir.Terraform
	if c.provider {
		tool, run = "terraform-provider-riva", d.dir.Provider
	}
	line := tool + " " + strings.Join(c.args, " ")
	fmt.Fprintf(d.out, "\n$ %s\n", line)
	result, err := d.withPerson(ctx, c.person, func(ctx context.Context, show io.Writer) (workdir.Result, error) {
		return run(ctx, show, d.variables(), c.args...)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", line, err)
	}
	if failed := result.Status != 0; failed != c.fails {
		return fmt.Errorf("%s exited with status %d", line, result.Status)
	}
	output := flatten(result.Output)
	for _, text := range c.shows {
		if !strings.Contains(output, text) {
			return fmt.Errorf("%s did not print %q", line, text)
		}
	}
	for _, text := range append(c.hides, d.secrets()...) {
		if strings.Contains(output, text) {
			return fmt.Errorf("%s printed %q", line, text)
		}
	}
	before := d.outputs[line]
	d.outputs[line] = output
	switch {
	case c.same && output != before:
		return fmt.Errorf("the previous output of %s was different: %q", line, before)
	case c.differs && output == before:
		return fmt.Errorf("the previous output of %s was the same", line)
	}
	return nil
}

// flatten removes the frames and line breaks of terraform's diagnostics.
func flatten(output string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(output)), " ")
}
