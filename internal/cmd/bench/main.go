// Command bench measures the cost of the provider: plans of N connections, embedded and over HTTP with added latency. It compares
// them with plans of N terraform_data (a resource without a provider's calls), in the same run and in turns. It reports ratios;
// there are no limits.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// settings has the command line flags.
type settings struct {
	terraform string
	provider  string
	sizes     []int
	rounds    int
	latency   time.Duration
}

func main() {
	var s settings
	sizes := flag.String("sizes", "10,100,1000", "numbers of connections, separated by commas")
	flag.StringVar(&s.terraform, "terraform", "terraform", "terraform or tofu binary to use")
	flag.StringVar(&s.provider, "provider", "bin/terraform-provider-riva", "provider binary to measure")
	flag.IntVar(&s.rounds, "rounds", 3, "number of measurements of each plan; the median is reported")
	flag.DurationVar(&s.latency, "latency", 50*time.Millisecond, "added to each response over HTTP")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := errors.Join(s.parse(*sizes), ctx.Err())
	if err == nil {
		err = run(ctx, os.Stdout, s)
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

func (s *settings) parse(sizes string) error {
	for text := range strings.SplitSeq(sizes, ",") {
		size, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || size < 1 {
			return fmt.Errorf("-sizes: %q is not a number of connections", text)
		}
		s.sizes = append(s.sizes, size)
	}
	if s.rounds < 1 {
		return errors.New("-rounds must be at least 1")
	}
	return nil
}
