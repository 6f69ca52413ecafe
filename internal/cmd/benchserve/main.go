// Command benchserve measures a shared control plane: real replicas over PostgreSQL, on this machine, beside pgbench in the same
// run. It reports ratios, and has no limits of its own.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/measure"
)

// maxRounds and maxLength bound a run.
const (
	maxRounds = 20
	maxLength = time.Minute
)

// settings has the command line flags.
type settings struct {
	binary string
	// rounds and length are how often and how long each rate is measured.
	rounds int
	length time.Duration
	// soak is how long 50 clients mix reads and writes.
	soak time.Duration
	// users is the number of users of the measured cycle.
	users int
	// takeOver also kills a replica while it runs a cycle.
	takeOver bool
	// page is the Markdown file that gets the report; empty means none.
	page string
}

func main() {
	var s settings
	timeout := flag.Duration("timeout", time.Hour, "end the run with an error after this time")
	flag.StringVar(&s.binary, "provider", "bin/terraform-provider-riva", "binary to measure")
	flag.IntVar(&s.rounds, "rounds", 3, "number of measurements of each rate; the medians are reported")
	flag.DurationVar(&s.length, "length", 10*time.Second, "length of each measurement")
	flag.DurationVar(&s.soak, "soak", time.Minute, "how long clients mix reads and writes, while the memory is watched")
	flag.IntVar(&s.users, "users", 100_000, "number of users of the measured cycle")
	flag.BoolVar(&s.takeOver, "take-over", true, "kill a replica while it runs a cycle; needs many users")
	flag.StringVar(&s.page, "page", "", "Markdown file whose report is replaced")
	flag.Parse()

	measure.Main(*timeout, func(ctx context.Context) error {
		if err := s.check(); err != nil {
			return err
		}
		return run(ctx, os.Stdout, s)
	})
}

func (s *settings) check() error {
	if s.rounds < 1 || s.rounds > maxRounds {
		return fmt.Errorf("-rounds must be from 1 to %d", maxRounds)
	}
	if s.length < time.Second || s.length > maxLength || s.soak < time.Second || s.soak > 10*maxLength {
		return fmt.Errorf("-length must be from 1s to %s, and -soak to %s", maxLength, 10*maxLength)
	}
	if s.users < 1 || s.users > 1_000_000 {
		return errors.New("-users must be from 1 to 1000000")
	}
	return measure.CheckPage(s.page)
}
