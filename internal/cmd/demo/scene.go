package main

import (
	"context"
	"regexp"
)

// scene is one scene of the story.
type scene struct {
	// headline says in a few words what the scene shows. The table at the end lists it.
	headline string
	// sentence explains it.
	sentence string
	// commands are run in order.
	commands []command
	// verify verifies what outputs do not show, and returns a sentence about it; nil if nothing is left to verify.
	verify func(*demo) (string, error)
	// proof is what the scene has proven when everything was as expected.
	proof string
}

// command is a command line and its expected result.
type command struct {
	// before changes something before the command, and returns what it has changed.
	before func(*demo) (string, error)
	// provider runs the provider's own binary instead of terraform.
	provider bool
	args     []string
	// person opens the link that the command prints, and signs in, while the command waits; nil if no person is needed.
	person func(ctx context.Context, d *demo, link string) error
	// fails means that the command must exit with a status other than 0.
	fails bool
	// shows are texts that the output must contain, regardless of line breaks; hides are texts that it must not contain.
	shows, hides []string
	// matters are the lines of the output to show: the first line that each pattern matches.
	matters []*regexp.Regexp
}

// lines compiles the patterns of the lines that matter.
func lines(patterns ...string) []*regexp.Regexp {
	compiled := make([]*regexp.Regexp, len(patterns))
	for i, pattern := range patterns {
		compiled[i] = regexp.MustCompile(pattern)
	}
	return compiled
}

// played is a scene after it was played, as it is shown.
type played struct {
	headline, sentence string
	parts              []part
	found, proof       string
}

// part is one command with the lines of its output that matter.
type part struct {
	comment, command string
	shown            []string
	// folded is the number of the other lines, without empty ones.
	folded int
}
