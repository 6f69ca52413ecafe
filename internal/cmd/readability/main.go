// Command readability prints the Flesch–Kincaid grade of the prose of Markdown pages, and the sentences that are too long.
// The grade is the school year (United States) that a reader needs:
// 0.39 × words per sentence + 11.8 × syllables per word − 15.59.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// The limits: a page above maxGrade fails, and so does a sentence of more than maxWords words. Sentences of more than
// warnWords words are listed with -long.
const (
	maxGrade  = 9.0
	warnWords = 25
	maxWords  = 35
)

var errHardToRead = errors.New("pages are hard to read: write shorter sentences and shorter words")

func main() {
	long := flag.Bool("long", false, fmt.Sprintf("list sentences of more than %d words, and the grade of each page", warnWords))
	flag.Parse()
	if err := run(os.Stdout, flag.Args(), *long); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

// run reports on each page, and fails if one of them is hard to read.
func run(to io.Writer, pages []string, verbose bool) error {
	var failed bool
	for _, name := range pages {
		page, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		r := measure(page)
		failed = failed || r.fails()
		if err := r.print(to, name, verbose); err != nil {
			return err
		}
	}
	if failed {
		return errHardToRead
	}
	return nil
}
