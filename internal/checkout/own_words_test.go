//go:build unix

package checkout_test

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Words of this program are not scrubbed, so nothing that a system has sent may be converted to them. These are all conversions.
func TestConversionsToOwnWordsAreKnown(t *testing.T) {
	t.Parallel()
	known := map[string]string{
		`c.Address`:                            "the name of a field",
		`field`:                                "the name of a field",
		`serviceAccountKey`:                    "the name of a field",
		`a.System.Authorize.Secret`:            "the name of a field",
		`s.scheme()`:                           "a name from a list",
		`offered`:                              "a name from a list",
		`a.Scheme`:                             "a name from a list",
		`who.scope`:                            "a constant",
		`metadata.Objects`:                     "a constant",
		`fault.Code.Title()`:                   "a constant",
		`expiryText(end, now)`:                 "a date",
		`expires.Format(time.DateOnly)`:        "a date",
		`reported`:                             "a pattern without any variable part",
		`strings.Join(granted, " and ")`:       "constants",
		`strings.Join(permissions, ", ")`:      "constants",
		`fault.Message`:                        "what the engine says itself",
		`meaning`:                              "a table of this program",
		`scrub.New().Scrub(scrubbed.String())`: "was scrubbed",
		`strings.TrimSpace(fmt.Sprintf("HTTP %d %s", r.Status, http.StatusText(r.Status)))`: "a table of net/http",
	}
	found := map[string]bool{}
	for _, file := range tracked(t) {
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") || !strings.HasPrefix(file, "internal/") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, readText(t, file), 0)
		must(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			if argument := ownArgument(n); argument != "" {
				found[argument] = true
				if known[argument] == "" {
					t.Errorf("%s: why can Own(%s) contain no foreign words?", file, argument)
				}
			}
			return true
		})
	}
	for _, argument := range slices.Sorted(maps.Keys(known)) {
		if !found[argument] {
			t.Errorf("Own(%s) is not used any more", argument)
		}
	}
}

// ownArgument returns what a conversion to target.Own converts; empty for anything else, and for literals.
func ownArgument(n ast.Node) string {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return ""
	}
	name, _ := call.Fun.(*ast.Ident)
	if selector, ok := call.Fun.(*ast.SelectorExpr); ok {
		name = selector.Sel
	}
	if _, literal := call.Args[0].(*ast.BasicLit); literal || name == nil || name.Name != "Own" {
		return ""
	}
	var source bytes.Buffer
	if err := format.Node(&source, token.NewFileSet(), call.Args[0]); err != nil {
		return err.Error()
	}
	return source.String()
}
