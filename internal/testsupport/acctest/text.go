package acctest

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// UnknownID is an id that no object has.
const UnknownID = "0192f0c1-0000-7000-8000-000000000001"

// MatchText returns an expression that finds the words in their order, however Terraform wraps its lines.
func MatchText(words ...string) *regexp.Regexp {
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = strings.Join(strings.Fields(regexp.QuoteMeta(w)), `[\s│]+`)
	}
	return regexp.MustCompile(`(?s)` + strings.Join(parts, `.*`))
}

// OneLine removes the frames and line breaks of an output.
func OneLine(out string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(out, "│", "")), " ")
}

// ExpectOutput fails the test unless the output has the words in their order.
func ExpectOutput(t *testing.T, out string, words ...string) {
	t.Helper()
	if !MatchText(words...).MatchString(out) {
		t.Errorf("the output is\n%s\nwant %q", out, words)
	}
}

// DiagnosticText returns the text of all diagnostics with a severity.
func DiagnosticText(diagnostics []*tfprotov6.Diagnostic, severity tfprotov6.DiagnosticSeverity) string {
	var all strings.Builder
	for _, d := range diagnostics {
		if d.Severity == severity {
			all.WriteString(d.Summary + "\n" + d.Detail + "\n")
		}
	}
	return all.String()
}

// ExpectError fails the test unless there is an error with the words in their order.
func ExpectError(t *testing.T, diagnostics []*tfprotov6.Diagnostic, words ...string) {
	t.Helper()
	expectDiagnostic(t, diagnostics, tfprotov6.DiagnosticSeverityError, words)
}

// ExpectWarning fails the test unless there is a warning with the words in their order.
func ExpectWarning(t *testing.T, diagnostics []*tfprotov6.Diagnostic, words ...string) {
	t.Helper()
	expectDiagnostic(t, diagnostics, tfprotov6.DiagnosticSeverityWarning, words)
}

func expectDiagnostic(
	t *testing.T, diagnostics []*tfprotov6.Diagnostic, severity tfprotov6.DiagnosticSeverity, words []string,
) {
	t.Helper()
	if text := DiagnosticText(diagnostics, severity); text == "" || !MatchText(words...).MatchString(text) {
		t.Errorf("the diagnostics with severity %s are %q, want %q", severity, text, words)
	}
}
