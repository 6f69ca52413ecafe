package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/measure"
)

// step is a measurement that is made once.
type step struct {
	name string
	run  func(context.Context, *report) error
}

// run measures everything, prints the report, and writes it to the page if there is one.
func run(ctx context.Context, out io.Writer, s settings) (err error) {
	st, err := newStage(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.close()) }()
	version, err := st.bench.version(ctx)
	if err != nil {
		return err
	}
	r := &report{machine: measure.ThisMachine(version), date: time.Now(), rounds: s.rounds, length: s.length}
	for n := range s.rounds {
		fmt.Fprintf(out, "%s: round %d of %d\n", time.Now().Format(time.TimeOnly), n+1, s.rounds)
		r.loads = append(r.loads, measure.LoadAverage())
		if err := st.round(ctx, r); err != nil {
			return err
		}
	}
	steps := []step{{"mixed load", st.soak}, {"cycle", st.cycle}, {"restart of PostgreSQL", st.restart}}
	if s.takeOver {
		steps = append(steps, step{"kill -9", st.takeOver})
	}
	for _, step := range steps {
		fmt.Fprintf(out, "%s: %s\n", time.Now().Format(time.TimeOnly), step.name)
		if err := step.run(ctx, r); err != nil {
			return err
		}
	}
	if err := r.text(out); err != nil {
		return err
	}
	if s.page == "" {
		return nil
	}
	return pageReport.Write(s.page, r.markdown())
}
