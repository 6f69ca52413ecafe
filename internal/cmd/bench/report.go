package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/measure"
)

// report has the results of a run.
type report struct {
	machine measure.Machine
	date    time.Time
	rounds  int
	results []*results
}

// summary says when and where the figures were measured.
func (r *report) summary() string {
	rounds := "in one round"
	if r.rounds > 1 {
		rounds = fmt.Sprintf("medians of %d rounds", r.rounds)
	}
	return fmt.Sprintf("Measured on %s, %s, on this machine: %s.", r.date.UTC().Format(time.DateOnly), rounds, r.machine)
}

// load says how busy the machine was with other work.
func (r *results) load() string {
	return fmt.Sprintf("Load average of the last minute when each round started: %s.", strings.Join(r.loads, ", "))
}

// highlights says what a plan costs, one sentence for each control plane and an entry for each kind of resources.
func (r *results) highlights() []string {
	baseline := r.baseline(planTitle)
	kinds := []string{kindConnections, kindImported, kindUsers}
	all := make([]string, 0, len(kinds))
	for _, kind := range kinds {
		var parts []string
		for _, row := range r.rows {
			if row.operation != planTitle || row.kind != kind {
				continue
			}
			m := median(row.rounds)
			parts = append(parts, fmt.Sprintf("%s: %s (%s × `random_id`, %s calls)",
				capitalized(row.place), measure.Seconds(m.wall), measure.Times(measure.Ratio(m.wall, baseline.wall)),
				measure.Thousands(m.calls.total())))
		}
		all = append(all, fmt.Sprintf("Plan of %s %s without changes. %s.", measure.Thousands(r.size), kind, strings.Join(parts, ". ")))
	}
	return all
}

// capitalized is the name of a control plane at the beginning of a sentence.
func capitalized(place string) string {
	if place == "" {
		return ""
	}
	return strings.ToUpper(place[:1]) + place[1:]
}

// baseline returns the figures of random_id; zero if it was not measured.
func (r *results) baseline(operation string) figures {
	for _, row := range r.rows {
		if row.operation == operation && row.kind == kindRandom {
			return median(row.rounds)
		}
	}
	return figures{}
}

// tables returns a table for each operation, and one with the kinds of calls.
func (r *results) tables() []measure.Table {
	var all []measure.Table
	kinds := measure.Table{Title: "Calls by kind", Header: []string{"command", "resources", "control plane", "calls"}}
	for _, o := range operations() {
		t := measure.Table{Title: o.title, Header: []string{
			"resources", "control plane", "time", "×", "CPU", "×", "CPU of the plugin", "memory of Terraform + plugin", "×", "calls",
		}}
		rows := slices.DeleteFunc(slices.Clone(r.rows), func(row *row) bool { return row.operation != o.title })
		baseline := r.baseline(o.title)
		for _, row := range rows {
			m := median(row.rounds)
			t.Rows = append(t.Rows, append([]string{quoted(row.kind), row.place}, cells(m, baseline)...))
			if m.calls.total() > 0 {
				kinds.Rows = append(kinds.Rows, []string{o.command(), row.kind, row.place, m.calls.String()})
			}
		}
		all = append(all, t)
	}
	return append(all, kinds)
}

// quoted marks the types of other providers as code.
func quoted(kind string) string {
	if kind == kindData || kind == kindRandom {
		return "`" + kind + "`"
	}
	return kind
}
