package main

import (
	"os"
	"strings"

	"golang.org/x/term"
)

// tone is how a text looks: its color on a terminal, and its class in the picture.
type tone string

const (
	plain  tone = "plain"
	title  tone = "title"
	strong tone = "strong"
	dim    tone = "dim"
	good   tone = "good"
	bad    tone = "bad"
	warn   tone = "warn"
)

// codes are the parameters of ECMA-48 SGR: the eight basic colors, which every theme of a terminal makes readable.
var codes = map[tone]string{title: "1;36", strong: "1", dim: "2", good: "32", bad: "31", warn: "33"}

// colored reports whether a stream gets colors: it is a terminal, which can show them, and the user wants them
// (https://no-color.org).
func colored(stream *os.File, getenv func(string) string) bool {
	return getenv("NO_COLOR") == "" && getenv("TERM") != "dumb" && term.IsTerminal(int(stream.Fd()))
}

// toneOf returns the tone of a line in an output.
func toneOf(line string) tone {
	switch {
	case strings.HasPrefix(line, "Error"):
		return bad
	case strings.HasPrefix(line, "Warning"):
		return warn
	case strings.Contains(line, " complete"), strings.Contains(line, "uccessfully"), strings.Contains(line, " passed"),
		strings.HasPrefix(line, "No changes."):
		return good
	}
	return plain
}
