package main

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"
)

// report is a table with a row for each size and subject.
type report struct{ table *tabwriter.Writer }

func newReport(out io.Writer, s settings) *report {
	r := &report{table: tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)}
	fmt.Fprintf(r.table, "plan of\tN\twall\tratio\tCPU\tper item\tpeak memory\tcalls\t\n")
	fmt.Fprintf(r.table, "\t\t(median of %d)\tto terraform_data\t\tover terraform_data\tof one process\t+%s each\t\n",
		s.rounds, s.latency)
	return r
}

func (r *report) row(size int, name string, m, baseline measurement) {
	calls := "-"
	if m.calls > 0 {
		calls = strconv.FormatInt(m.calls, 10)
	}
	each := (m.cpu - baseline.cpu) / time.Duration(size)
	fmt.Fprintf(r.table, "%s\t%d\t%s\t%.2f\t%s\t%s\t%d MiB\t%s\t\n", name, size, rounded(m.wall),
		ratio(m.wall, baseline.wall), rounded(m.cpu), each.Round(10*time.Microsecond), m.memory>>20, calls)
}

func (r *report) end() error { return r.table.Flush() }

func rounded(d time.Duration) time.Duration { return d.Round(time.Millisecond) }

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }
