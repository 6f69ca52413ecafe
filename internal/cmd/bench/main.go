// Command bench measures the cost of the provider: create, import, plan and destroy N connections and users, embedded (on SQLite
// and PostgreSQL) and over HTTP with added latency. It compares this with random_id, a resource whose provider calls no API, in
// the same run and in turns, because figures of different runs or machines cannot be compared. It reports ratios, and has no
// limits of its own.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/measure"
)

// The most that one run measures.
const (
	maxSize   = 10_000
	maxRounds = 20
)

// settings has the command line flags.
type settings struct {
	terraform string
	provider  string
	// random is the binary of the provider hashicorp/random, the baseline; empty means no baseline.
	random string
	sizes  []int
	rounds int
	// roundTrips are the times that the served control planes wait before each response.
	roundTrips []time.Duration
	// postgres also measures an embedded control plane with a PostgreSQL database, on a cluster of its own.
	postgres bool
	// page is the Markdown file that gets the report; empty means none.
	page string
}

func main() {
	var s settings
	sizes := flag.String("sizes", "1000", "numbers of resources, separated by commas")
	roundTrips := flag.String("round-trips", "0s,50ms", "added to each response over HTTP, one control plane each")
	timeout := flag.Duration("timeout", 2*time.Hour, "end the run with an error after this time")
	flag.StringVar(&s.terraform, "terraform", "terraform", "terraform or tofu binary to use")
	flag.StringVar(&s.provider, "provider", "bin/terraform-provider-riva", "provider binary to measure")
	flag.StringVar(&s.random, "random", "bin/terraform-provider-random", "binary of hashicorp/random; empty leaves out the baseline")
	flag.IntVar(&s.rounds, "rounds", 3, "number of measurements of each command; the medians are reported")
	flag.BoolVar(&s.postgres, "postgres", true, "measure database_url as well; needs the programs of PostgreSQL")
	flag.StringVar(&s.page, "page", "", "Markdown file whose report is replaced")
	flag.Parse()

	measure.Main(*timeout, func(ctx context.Context) error {
		if err := s.parse(*sizes, *roundTrips); err != nil {
			return err
		}
		return run(ctx, os.Stdout, s)
	})
}

func (s *settings) parse(sizes, roundTrips string) error {
	for text := range strings.SplitSeq(sizes, ",") {
		size, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || size < 1 || size > maxSize {
			return fmt.Errorf("-sizes: %q is not a number from 1 to %d", text, maxSize)
		}
		s.sizes = append(s.sizes, size)
	}
	for text := range strings.SplitSeq(roundTrips, ",") {
		roundTrip, err := time.ParseDuration(strings.TrimSpace(text))
		if err != nil || roundTrip < 0 || roundTrip > time.Second {
			return fmt.Errorf("-round-trips: %q is not a duration from 0s to 1s", text)
		}
		s.roundTrips = append(s.roundTrips, roundTrip)
	}
	if s.rounds < 1 || s.rounds > maxRounds {
		return fmt.Errorf("-rounds must be from 1 to %d", maxRounds)
	}
	return measure.CheckPage(s.page)
}
