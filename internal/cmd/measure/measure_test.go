package measure_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/measure"
)

func TestReportReplacesTheOneOfThePage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../templates/guides/how-fast-is-it.md")
	if err != nil {
		t.Fatal(err)
	}
	report := measure.Report{Command: "make bench"}
	once, err := report.Replace(string(page), "An old report.\n")
	if err != nil {
		t.Fatal(err)
	}
	twice, err := report.Replace(once, "A new report.\n")
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Replace(once, "An old", "A new", 1); twice != want || strings.Contains(twice, "An old") {
		t.Errorf("a second report makes the page\n%s", twice)
	}
	if _, err := report.Replace("# A page\n", ""); err == nil {
		t.Error("a page without a place for the report was accepted")
	}
}

func TestRatioWithoutBaseline(t *testing.T) {
	t.Parallel()
	if got := measure.Ratio(3*time.Second, 2*time.Second); got != 1.5 {
		t.Errorf("3 s to 2 s is %v", got)
	}
	if got := measure.Times(measure.Ratio(3*time.Second, 0)); got != "–" {
		t.Errorf("a ratio to an unknown baseline is shown as %q", got)
	}
}
