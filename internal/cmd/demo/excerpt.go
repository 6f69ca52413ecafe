package main

import (
	"regexp"
	"slices"
	"strings"
)

const (
	// columns is the width of the demo. Longer lines of an excerpt are cut.
	columns = 100
	// fallback is the number of lines that an excerpt has if none of its patterns matches.
	fallback = 4
)

var (
	// noise is what lines have for machines: durations and ids.
	noise = regexp.MustCompile(` after \d+m?s| \[id=[^\]]*\]| \([0-9a-f-]{36}\)| +cycle [0-9a-f-]{36}`)
	// gap separates the columns of a table.
	gap = regexp.MustCompile(` {3,}`)
	// diagnostic begins an error or a warning, and listed an item of a list in one.
	diagnostic, listed = regexp.MustCompile(`^(Error|Warning): `), regexp.MustCompile(`^(\d+\.|-) `)
)

// logicalLine is a line that the terminal's width has not broken.
type logicalLine struct {
	text string
	rows int // how many lines of the output it has
}

// excerpt returns what matters of an output, and the number of its other lines. Each pattern selects the first line that it
// matches, or the group of the pattern in that line. The lines have the order of the patterns: Terraform's own order varies.
// If no pattern matches, because another version has other words, the last lines are selected.
func excerpt(output string, matters []*regexp.Regexp) (shown []string, folded int) {
	all := unwrap(output)
	for _, line := range all {
		folded += line.rows
	}
	selected := make([]bool, len(all))
	add := func(i int, text string) {
		selected[i] = true
		folded -= all[i].rows
		shown = append(shown, shorten(gap.ReplaceAllString(noise.ReplaceAllString(text, ""), "  "), columns-2))
	}
	for _, pattern := range matters {
		i := slices.IndexFunc(all, func(l logicalLine) bool { return pattern.MatchString(l.text) })
		if i < 0 || selected[i] {
			continue
		}
		text := all[i].text
		if groups := pattern.FindStringSubmatch(text); len(groups) > 1 {
			text = groups[1]
		}
		add(i, text)
	}
	if len(shown) == 0 {
		for i := max(0, len(all)-fallback); i < len(all); i++ {
			add(i, all[i].text)
		}
	}
	return shown, folded
}

// unwrap returns the lines of an output without empty ones. In diagnostics, which Terraform breaks at a width of 78, the lines
// of a paragraph are joined again.
func unwrap(output string) []logicalLine {
	const broken = 50 // a line that was broken has at least this length
	var all []logicalLine
	inDiagnostic, previous := false, ""
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, " \r\n")
		text := strings.TrimSpace(line)
		switch {
		case diagnostic.MatchString(line):
			inDiagnostic = true
		case strings.HasPrefix(line, "Apply complete!"), strings.HasPrefix(line, "Plan: "):
			inDiagnostic = false
		}
		joins := inDiagnostic && len(previous) >= broken && text == line && previous[0] != ' ' && !listed.MatchString(line)
		switch {
		case text == "":
		case joins:
			last := &all[len(all)-1]
			last.text, last.rows = last.text+" "+text, last.rows+1
		default:
			all = append(all, logicalLine{text, 1})
		}
		previous = line
	}
	return all
}

// shorten cuts a line after a number of characters.
func shorten(line string, most int) string {
	if runes := []rune(line); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return line
}
