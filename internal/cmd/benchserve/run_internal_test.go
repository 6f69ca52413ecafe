package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestRunMeasuresEverything(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "terraform-provider-riva")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../../..")
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
		binary: binary, rounds: 1, length: time.Second, soak: time.Second, users: 20, page: page,
	})
	if err != nil {
		t.Fatal(err)
	}
	report, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| " + readName + " | ", "| " + readTwoName + " | ", "| " + writeName + " | ", "| " + tokenName + " | ",
		"| full sync cycle of 20 users with two connections | ", "| ready again after PostgreSQL returns from a restart | ",
	} {
		if !strings.Contains(string(report), want) {
			t.Errorf("the report lacks %q:\n%s", want, report)
		}
	}
}
