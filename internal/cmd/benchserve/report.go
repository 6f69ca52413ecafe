package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/measure"
)

// pageReport is the place of the report in a page.
var pageReport = measure.Report{Command: "make bench-serve"}

// rate is a figure that every round measures: how many per second.
type rate struct {
	name string
	// baseline is the name of the rate to compare with; empty for a rate of pgbench.
	baseline string
	rounds   []sample
}

// sample is what one round measured. p99 is 0 if it is unknown.
type sample struct {
	perSecond int64
	p99       time.Duration
}

// event is a figure that is measured once, such as the time of a recovery.
type event struct {
	name, result string
}

// report has the results of a run.
type report struct {
	machine measure.Machine
	date    time.Time
	rounds  int
	length  time.Duration
	loads   []string // load average at the start of each round
	rates   []*rate
	events  []event
}

// summary says when, where and how the figures were measured.
func (r *report) summary() string {
	return fmt.Sprintf("Measured on %s on this machine: %s. The clients, the control plane and PostgreSQL share it. "+
		"Medians of %d rounds, each with every measurement in turn for %s. Load average when each round started: %s.",
		r.date.UTC().Format(time.DateOnly), r.machine, r.rounds, r.length, strings.Join(r.loads, ", "))
}

func (r *report) find(name string) *rate {
	for _, found := range r.rates {
		if found.name == name {
			return found
		}
	}
	return nil
}

// add adds a sample of a round.
func (r *report) add(name, baseline string, s sample) {
	found := r.find(name)
	if found == nil {
		found = &rate{name: name, baseline: baseline}
		r.rates = append(r.rates, found)
	}
	found.rounds = append(found.rounds, s)
}

func (r *rate) median() sample {
	return sample{
		perSecond: measure.Median(r.rounds, func(s sample) int64 { return s.perSecond }),
		p99:       measure.Median(r.rounds, func(s sample) time.Duration { return s.p99 }),
	}
}

// tables returns the rates and the events.
func (r *report) tables() []measure.Table {
	rates := measure.Table{Title: "Requests", Header: []string{"measurement", "per second", "99 % within", "compared with", "×"}}
	for _, rate := range r.rates {
		m := rate.median()
		p99, compared, times := "–", "–", "–"
		if m.p99 > 0 {
			p99 = fmt.Sprintf("%d ms", max(1, m.p99.Milliseconds()))
		}
		if baseline := r.find(rate.baseline); baseline != nil {
			compared = baseline.name
			times = measure.Times(measure.Ratio(m.perSecond, baseline.median().perSecond))
		}
		rates.Rows = append(rates.Rows, []string{rate.name, measure.Thousands(m.perSecond), p99, compared, times})
	}
	events := measure.Table{Title: "Cycles and recovery", Header: []string{"measurement", "result"}}
	for _, e := range r.events {
		events.Rows = append(events.Rows, []string{e.name, e.result})
	}
	return []measure.Table{rates, events}
}

// markdown returns the report for the page.
func (r *report) markdown() string {
	var b strings.Builder
	b.WriteString(r.summary() + "\n")
	for _, t := range r.tables() {
		b.WriteString("\n" + t.Markdown("###"))
	}
	return b.String()
}

// text writes the report for a terminal.
func (r *report) text(out io.Writer) error {
	fmt.Fprintf(out, "\n%s\n", r.summary())
	for _, t := range r.tables() {
		if err := t.Text(out); err != nil {
			return err
		}
	}
	return nil
}
