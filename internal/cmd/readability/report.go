package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/jdkato/prose/v3/summarize"
)

// report is what was measured of one page.
type report struct {
	grade float64
	words int
	long  []sentence // of more than warnWords words
}

type sentence struct {
	words int
	text  string
}

func measure(page []byte) report {
	text := prose(page)
	if strings.TrimSpace(text) == "" {
		return report{}
	}
	document := summarize.NewDocument(text)
	r := report{grade: document.FleschKincaid(), words: int(document.NumWords)}
	for _, s := range document.Sentences {
		if s.Length > warnWords {
			r.long = append(r.long, sentence{words: s.Length, text: strings.Join(strings.Fields(s.Text), " ")})
		}
	}
	return r
}

func (r report) fails() bool {
	for _, s := range r.long {
		if s.words > maxWords {
			return true
		}
	}
	return r.grade > maxGrade
}

// print writes the grade of a page and its sentences that are too long. Unless verbose, a page that passes is not mentioned.
func (r report) print(to io.Writer, name string, verbose bool) error {
	if !verbose && !r.fails() {
		return nil
	}
	verdict := ""
	if r.grade > maxGrade {
		verdict = fmt.Sprintf(", above %.0f", maxGrade)
	}
	if _, err := fmt.Fprintf(to, "%s: grade %.1f%s (%d words)\n", name, r.grade, verdict, r.words); err != nil {
		return err
	}
	for _, s := range r.long {
		if !verbose && s.words <= maxWords {
			continue
		}
		if _, err := fmt.Fprintf(to, "  %d words: %s\n", s.words, s.text); err != nil {
			return err
		}
	}
	return nil
}
