package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// screen shows the story.
type screen struct {
	out io.Writer
	// colors uses escape sequences.
	colors bool
	// full shows whole outputs instead of the lines that matter.
	full bool
	// pause waits for a line of input after each scene; nil means no pauses.
	pause *bufio.Reader
}

func (s *screen) printf(t tone, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if code := codes[t]; s.colors && code != "" {
		text = "\x1b[" + code + "m" + text + "\x1b[0m"
	}
	fmt.Fprintln(s.out, text)
}

// begin shows what a scene is about.
func (s *screen) begin(number, total int, headline, sentence string) {
	fmt.Fprintln(s.out)
	s.printf(title, "━━ %d/%d  %s", number, total, headline)
	s.printf(plain, "%s", sentence)
}

// command shows a command line that is about to be run, and what was changed before.
func (s *screen) command(comment, line string) {
	if comment != "" {
		s.printf(dim, "# %s", comment)
	}
	s.printf(strong, "$ %s", line)
}

// output shows the lines of an output that matter.
func (s *screen) output(shown []string, folded int) {
	if s.full {
		return // it was shown while the command ran
	}
	for _, line := range shown {
		s.printf(toneOf(line), "│ %s", line)
	}
	if folded > 0 {
		s.printf(dim, "… %s", more(folded))
	}
}

func more(lines int) string {
	if lines == 1 {
		return "1 line more"
	}
	return fmt.Sprintf("%d lines more", lines)
}

// failure shows the whole output of a command whose result was not as expected.
func (s *screen) failure(output string) {
	if !s.full {
		fmt.Fprint(s.out, output)
	}
	s.printf(bad, "✘ Not as expected.")
}

// end shows what a scene has proven, and pauses.
func (s *screen) end(found, proof string, last bool) error {
	if found != "" {
		s.printf(plain, "│ %s", found)
	}
	s.printf(good, "✔ %s", proof)
	if s.pause == nil || last {
		return nil
	}
	fmt.Fprint(s.out, "Press Enter to go on. ")
	if _, err := s.pause.ReadString('\n'); err != nil {
		s.pause = nil // the input has ended
		fmt.Fprintln(s.out)
		if !errors.Is(err, io.EOF) {
			return fmt.Errorf("read the keyboard: %w", err)
		}
	}
	return nil
}
