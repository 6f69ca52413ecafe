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

// stage is where the story plays: a working directory, and stand-ins with the people's accounts.
type stage struct {
	out        io.Writer
	dir        *workdir.Dir
	exchange   *exchange.Server
	salesforce *salesforce.Server
	answers    map[string]string // the latest to each command line

	// What the configuration holds; the targets may hold something else.
	password string
	first    string // the password at the beginning
	key      string // empty: the app's secret instead
	trigger  string
}

// scene is one step of the story.
type scene struct {
	title string
	// before is what happens in the world before the commands, in words and in deed.
	before func(*stage) (string, error)
	// commands are run in order.
	commands []command
}

// command is a command line and what its answer must be like.
type command struct {
	// provider runs the provider's own binary instead of terraform.
	provider bool
	args     []string
	// fails tells that the command must end with a status other than 0.
	fails bool
	// shows must be found in the answer, regardless of where its lines break; hides must not.
	shows, hides []string
	// same and differs compare the answer with the one before to the same command.
	same, differs bool
}

func (s *stage) play(ctx context.Context, scene scene) error {
	fmt.Fprintf(s.out, "\n━━ %s\n", scene.title)
	if scene.before != nil {
		told, err := scene.before(s)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "   %s\n", told)
	}
	for _, c := range scene.commands {
		if err := s.command(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func (s *stage) command(ctx context.Context, c command) error {
	tool, run := s.dir.Tool(), s.dir.Terraform
	if c.provider {
		tool, run = "terraform-provider-riva", s.dir.Provider
	}
	line := tool + " " + strings.Join(c.args, " ")
	fmt.Fprintf(s.out, "\n$ %s\n", line)
	answer, err := run(ctx, s.out, s.variables(), c.args...)
	if err != nil {
		return err
	}
	if failed := answer.Status != 0; failed != c.fails {
		return fmt.Errorf("%s ended with status %d", line, answer.Status)
	}
	said := flatten(answer.Output)
	for _, text := range c.shows {
		if !strings.Contains(said, text) {
			return fmt.Errorf("%s did not say %q", line, text)
		}
	}
	for _, text := range append(c.hides, s.secrets()...) {
		if strings.Contains(said, text) {
			return fmt.Errorf("%s said %q", line, text)
		}
	}
	before := s.answers[line]
	s.answers[line] = said
	switch {
	case c.same && said != before:
		return fmt.Errorf("%s said something else before: %q", line, before)
	case c.differs && said == before:
		return fmt.Errorf("%s said the same before", line)
	}
	return nil
}

// flatten undoes the frames and line breaks that terraform puts into its diagnostics.
func flatten(output string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(output)), " ")
}
