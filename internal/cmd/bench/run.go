package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/measure"
)

// planTitle is the title of the operation that matters most: people run it many times a day.
const planTitle = "Plan without changes"

// pageReport is the place of the report in a page.
var pageReport = measure.Report{Command: "make bench"}

// operation is a Terraform command that is measured.
type operation struct {
	title string
	args  []string
	kinds []string
	// countEmbedded repeats the command once for embedded subjects, not measured but with the log that shows the calls.
	countEmbedded bool
}

// command is the name of the command, such as plan.
func (o operation) command() string { return o.args[0] }

// operations lists what a round does, in this order. The imported connections are those of the subject connections, so they are
// gone after its destroy.
func operations() []operation {
	return []operation{
		{title: "Apply: create or import", args: []string{"apply", "-auto-approve"},
			kinds: []string{kindData, kindRandom, kindConnections, kindVerified, kindImported, kindUsers}},
		{title: planTitle, args: []string{"plan", "-detailed-exitcode"}, countEmbedded: true,
			kinds: []string{kindData, kindRandom, kindConnections, kindImported, kindUsers}},
		{title: "Destroy", args: []string{"destroy", "-auto-approve"},
			kinds: []string{kindData, kindRandom, kindConnections, kindUsers}},
		{title: "Start: providers schema", args: []string{"providers", "schema", "-json"},
			kinds: []string{kindData, kindRandom, kindProvider}},
	}
}

// results has the measurements of one size: at least one per round, by operation and subject.
type results struct {
	size  int
	loads []string // load average at the start of each round
	rows  []*row
}

// row has the measurements of one operation with one subject.
type row struct {
	operation, kind, place string
	rounds                 []figures
}

func (r *results) row(o operation, s *subject) *row {
	i := slices.IndexFunc(r.rows, func(row *row) bool {
		return row.operation == o.title && row.kind == s.kind && row.place == s.place
	})
	if i < 0 {
		r.rows = append(r.rows, &row{operation: o.title, kind: s.kind, place: s.place})
		i = len(r.rows) - 1
	}
	return r.rows[i]
}

// run measures everything, prints the report, and writes it to the page if there is one.
func run(ctx context.Context, out io.Writer, s settings) error {
	r := report{machine: measure.ThisMachine(terraformVersion(ctx, s.terraform)), rounds: s.rounds, date: time.Now()}
	for _, size := range s.sizes {
		measured := &results{size: size}
		for n := range s.rounds {
			fmt.Fprintf(out, "%s: %d resources, round %d of %d\n", time.Now().Format(time.TimeOnly), size, n+1, s.rounds)
			if err := measured.round(ctx, s, n == s.rounds-1); err != nil {
				return err
			}
		}
		r.results = append(r.results, measured)
	}
	if err := r.text(out); err != nil {
		return err
	}
	if s.page == "" {
		return nil
	}
	return pageReport.Write(s.page, r.markdown())
}

// round measures every operation once, with all subjects in turns, so that other load on the machine affects all of them. Each
// round starts with empty control planes.
func (r *results) round(ctx context.Context, s settings, last bool) (err error) {
	stage, err := newStage(ctx, s, r.size)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stage.close()) }()
	r.loads = append(r.loads, measure.LoadAverage())
	for _, o := range operations() {
		for _, subject := range stage.subjects {
			if !slices.Contains(o.kinds, subject.kind) {
				continue
			}
			f, err := subject.measure(ctx, o.args...)
			if err != nil {
				return err
			}
			row := r.row(o, subject)
			row.rounds = append(row.rounds, f)
			if last && o.countEmbedded && subject.isEmbedded() {
				if row.rounds[len(row.rounds)-1].calls, err = subject.logged(ctx, o.args...); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
