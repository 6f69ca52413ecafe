package main

import (
	"bytes"
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFlagsAreLimited(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sizes, roundTrips string
		rounds            int
		want              string // in the error
	}{
		"several sizes":    {"10, 100", "0s,50ms", 1, ""},
		"not a number":     {"many", "0s", 1, "-sizes"},
		"too many":         {"10001", "0s", 1, "-sizes"},
		"no resource":      {"0", "0s", 1, "-sizes"},
		"not a duration":   {"1", "50", 1, "-round-trips"},
		"slow network":     {"1", "2s", 1, "-round-trips"},
		"no round":         {"1", "0s", 0, "-rounds"},
		"too many rounds":  {"1", "0s", 21, "-rounds"},
		"greatest numbers": {"10000", "1s", 20, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings{rounds: c.rounds}
			err := s.parse(c.sizes, c.roundTrips)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v, want %q", err, c.want)
			}
		})
	}
}

// The baseline is left out, because its binary is built by make bench only.
func TestRunMeasuresEveryOperation(t *testing.T) {
	t.Parallel()
	provider := filepath.Join(t.TempDir(), "terraform-provider-riva")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", provider, "../../..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as make build, whose build cache it uses
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the provider: %s\n%s", err, out)
	}
	page := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(page, []byte(pageReport.Empty()), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err := run(t.Context(), &out, settings{
		terraform: cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"), provider: provider,
		sizes: []int{2}, rounds: 1, roundTrips: []time.Duration{time.Millisecond}, postgres: true, page: page,
	})
	if err != nil {
		t.Fatal(err)
	}
	report, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| verified connections | embedded |", "| users | HTTP, 1 ms |", "| users | embedded, PostgreSQL |", "| this provider |",
		// Calls of embedded and served control planes are counted. Which calls read is not decided here.
		"| plan | users | embedded | ", "| plan | users | HTTP, 1 ms | ",
		"| destroy | connections | HTTP, 1 ms |", "2 `DELETE /v1/connections/{id}`",
	} {
		if !strings.Contains(string(report), want) {
			t.Errorf("the report lacks %q:\n%s", want, report)
		}
	}
}
