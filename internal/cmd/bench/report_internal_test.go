package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/measure"
)

// exampleReport has two rounds of a plan of 1,000.
func exampleReport() *report {
	measured := func(wall, cpu time.Duration, c calls) figures {
		return figures{wall: wall, cpu: cpu, pluginCPU: time.Second, memory: 100 << 20, pluginMemory: 50 << 20, calls: c}
	}
	counted := calls{"GET /v1/connections": 1500, "GET /v1/instance": 1}
	return &report{
		machine: measure.Machine{
			Cores: 2, Processor: "Example CPU", Memory: 16 << 30, System: "linux/amd64", Programs: []string{"Terraform 1.11.4"},
		},
		date: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC), rounds: 2,
		results: []*results{{size: 1000, loads: []string{"0.10", "1.20"}, rows: []*row{
			{planTitle, kindRandom, "", []figures{
				measured(8*time.Second, 10*time.Second, nil), measured(12*time.Second, 10*time.Second, nil),
			}},
			{planTitle, kindConnections, "HTTP, 50 ms", []figures{
				measured(14*time.Second, 25*time.Second, counted), measured(16*time.Second, 25*time.Second, counted),
			}},
		}}},
	}
}

func TestReportComparesWithTheBaseline(t *testing.T) {
	t.Parallel()
	markdown := exampleReport().markdown()
	for _, want := range []string{
		"Measured on 2026-03-01, medians of 2 rounds, on this machine: ",
		"machine: 2 cores of Example CPU, 16 GiB of memory, linux/amd64, Terraform 1.11.4.",
		"### 1,000 of each kind",
		"started: 0.10, 1.20.",
		"- Plan of 1,000 connections without changes. HTTP, 50 ms: 15.00 s (1.50 × `random_id`, 1,501 calls).",
		"| `random_id` |  | 10.00 s | 1.00 | 10.00 s | 1.00 | 1.00 s | 100 + 50 MiB | 1.00 | – |",
		"| connections | HTTP, 50 ms | 15.00 s | 1.50 | 25.00 s | 2.50 | 1.00 s | 100 + 50 MiB | 1.00 | 1,501 |",
		"| plan | connections | HTTP, 50 ms | 1500 `GET /v1/connections`, 1 `GET /v1/instance` |",
	} {
		if !strings.Contains(markdown, want) {
			t.Errorf("the report lacks %q:\n%s", want, markdown)
		}
	}
}

func TestTerminalReportIsPlainText(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := exampleReport().text(&out); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); strings.ContainsAny(text, "`|") || !strings.Contains(text, "15.00 s  1.50") {
		t.Errorf("the report for a terminal is\n%s", text)
	}
}
