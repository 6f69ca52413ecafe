package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/measure"
)

func TestReportComparesMedians(t *testing.T) {
	t.Parallel()
	r := &report{
		machine: measure.Machine{Cores: 2, System: "linux/amd64", Programs: []string{"PostgreSQL 15"}},
		date:    time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC), rounds: 3, length: 5 * time.Second,
		loads: []string{"0.10", "0.20", "0.30"},
	}
	for _, perSecond := range []int64{20_000, 10_000, 30_000} {
		r.add("pgbench", "", sample{perSecond: perSecond})
		r.add("read", "pgbench", sample{perSecond: perSecond / 5, p99: time.Duration(perSecond) * time.Microsecond})
	}
	r.events = append(r.events, event{"recovery", "1.50 s"})
	markdown := r.markdown()
	for _, want := range []string{
		"Measured on 2026-03-01 on this machine: 2 cores, linux/amd64, PostgreSQL 15.", "Medians of 3 rounds",
		"started: 0.10, 0.20, 0.30.",
		"| pgbench | 20,000 | – | – | – |", "| read | 4,000 | 20 ms | pgbench | 0.20 |", "| recovery | 1.50 s |",
	} {
		if !strings.Contains(markdown, want) {
			t.Errorf("the report lacks %q:\n%s", want, markdown)
		}
	}
	var out bytes.Buffer
	if err := r.text(&out); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "`|") {
		t.Errorf("the report for a terminal is\n%s", out.String())
	}
}

func TestResultOfPgbench(t *testing.T) {
	t.Parallel()
	got, err := transactionsIn("number of failed transactions: 0 (0.000%)\ntps = 18123.456 (without initial connection time)\n")
	if err != nil || got != 18123 {
		t.Errorf("got %d, %v", got, err)
	}
	if _, err := transactionsIn("pgbench: error: connection failed\n"); err == nil {
		t.Error("an output without a result was accepted")
	}
}
