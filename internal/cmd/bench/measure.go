package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"syscall"
	"time"
)

// measurement is the cost of one command.
type measurement struct {
	wall time.Duration
	// cpu is the CPU time of terraform and the plugins that have exited.
	cpu time.Duration
	// memory is the largest resident set of any of these processes, in bytes.
	memory int64
	calls  int64
}

// run measures everything and writes the report.
func run(ctx context.Context, out io.Writer, s settings) error {
	if err := coldStart(ctx, out, s); err != nil {
		return err
	}
	r := newReport(out, s)
	for _, size := range s.sizes {
		if err := plans(ctx, r, s, size); err != nil {
			return err
		}
	}
	return r.end()
}

// plans measures plans of one size, in turns, so that other load on the machine affects all of them.
func plans(ctx context.Context, r *report, s settings, size int) (err error) {
	all, err := subjects(ctx, s, size)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeAll(all)) }()
	measured := make([][]measurement, len(all))
	for range s.rounds {
		for i, subject := range all {
			f, err := subject.measure(ctx, "plan", "-detailed-exitcode")
			if err != nil {
				return err
			}
			measured[i] = append(measured[i], f)
		}
	}
	baseline := median(measured[0])
	for i, subject := range all {
		r.row(size, subject.name, median(measured[i]), baseline)
	}
	return nil
}

// coldStart measures how long terraform takes to read the provider's schema, compared to a configuration without the provider.
func coldStart(ctx context.Context, out io.Writer, s settings) (err error) {
	with, err := newSubject(s, "provider", connections, 1)
	if err != nil {
		return err
	}
	without, err := newSubject(s, "no provider", baselineResources, 1)
	if err != nil {
		return errors.Join(err, with.close())
	}
	all := []*subject{without, with}
	defer func() { err = errors.Join(err, closeAll(all)) }()
	measured := make([][]measurement, len(all))
	for i, subject := range all {
		if _, err := subject.terraform(ctx, "init"); err != nil {
			return err
		}
		for range s.rounds {
			f, err := subject.cold(ctx)
			if err != nil {
				return err
			}
			measured[i] = append(measured[i], f)
		}
	}
	base, cost := median(measured[0]), median(measured[1])
	_, err = fmt.Fprintf(out, "cold start (providers schema -json): %s with the provider, %s without: %.2f times\n\n",
		rounded(cost.wall), rounded(base.wall), ratio(cost.wall, base.wall))
	return err
}

func (s *subject) cold(ctx context.Context) (measurement, error) {
	start := time.Now()
	result, err := s.dir.Terraform(ctx, io.Discard, s.env, "providers", "schema", "-json")
	if err == nil && result.Status != 0 {
		err = fmt.Errorf("%s: %s", s.name, result.Output)
	}
	return measurement{wall: time.Since(start)}, err
}

func (s *subject) measure(ctx context.Context, args ...string) (measurement, error) {
	if s.served != nil {
		s.served.reset()
	}
	start := time.Now()
	result, err := s.terraform(ctx, args...)
	if err != nil {
		return measurement{}, err
	}
	m := measurement{wall: time.Since(start), cpu: result.Process.UserTime() + result.Process.SystemTime()}
	if usage, ok := result.Process.SysUsage().(*syscall.Rusage); ok {
		m.memory = usage.Maxrss * 1024 // kibibytes on Linux
	}
	if s.served != nil {
		m.calls = s.served.reset()
	}
	return m, nil
}

// median returns the round with the median wall time.
func median(rounds []measurement) measurement {
	sorted := slices.SortedFunc(slices.Values(rounds), func(a, b measurement) int { return int(a.wall - b.wall) })
	return sorted[len(sorted)/2]
}
