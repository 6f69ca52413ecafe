package checkout_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// sharedTitles are the titles that several diagnostics have, each with the one cause that they have in common. A diagnostic with
// another cause gets a title of its own, since users search for titles, and Terraform folds warnings with the same one.
var sharedTitles = map[string]string{
	"TitleConfiguration":     "an attribute or variable of the provider is wrong; the text names it",
	"TitleConnectionInUse":   "a cycle has used the connection, noticed at plan or at apply",
	"TitleCredentialsBound":  "the change needs credentials, noticed at plan or at apply",
	"TitleExpiresSoon":       "something of the connection ends soon; the text names it",
	"TitleGrant":             "the secrets are not those of one grant",
	"TitleImport":            "an import found no object, by id or by name",
	"TitleInvalid":           "a value is wrong; the text names the attribute",
	"TitleMissing":           "a required setting is missing; the text names it",
	"TitleNameTaken":         "the name belongs to another object, noticed at plan or at apply",
	"TitleNoControlPlane":    "the data directory has no control plane",
	"TitleNotFound":          "an object does not exist; the text names it",
	"TitleOneSystem":         "a connection has no block of a target system, or several",
	"TitleOpenEmbedded":      "the files of the embedded control plane cannot be opened or created",
	"TitleOtherControlPlane": "an object of the state is on another control plane",
	"TitleProviderBug":       "the provider has a bug",
	"TitleProviderTooOld":    "the connection needs a newer provider",
	"TitleServerTooOld":      "the configuration needs a newer control plane; the text names the versions",
}

// titleArguments has the position of the title in calls that add a diagnostic.
var titleArguments = map[string]int{
	"AddError": 0, "AddWarning": 0, "AddAttributeError": 1, "AddAttributeWarning": 1, "NewErrorDiagnostic": 0,
	"NewWarningDiagnostic": 0, "NewAttributeErrorDiagnostic": 1, "NewAttributeWarningDiagnostic": 1,
}

func TestTitlesOfDiagnosticsHaveOneCauseEach(t *testing.T) {
	t.Parallel()
	uses, titles := map[string][]string{}, map[string]string{}
	set := token.NewFileSet()
	must(t, filepath.WalkDir(filepath.Join("internal", "provider"), func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		parsed, err := parser.ParseFile(set, file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(parsed, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.ValueSpec:
				if name := node.Names[0].Name; parsed.Name.Name == "tfdiag" && strings.HasPrefix(name, "Title") {
					titles[name] = literal(node.Values)
					return false
				}
			case *ast.CallExpr:
				if title, ok := titleOf(node); ok && literal([]ast.Expr{title}) != "" {
					t.Errorf("%s: the title is not a constant of package tfdiag", set.Position(node.Pos()))
				}
			case *ast.Ident:
				if strings.HasPrefix(node.Name, "Title") && node.Name != "Title" {
					uses[node.Name] = append(uses[node.Name], set.Position(node.Pos()).String())
				}
			}
			return true
		})
		return nil
	}))
	if len(titles) < 30 {
		t.Fatalf("found only %d titles", len(titles))
	}
	names := map[string]string{}
	for name, title := range titles {
		if other := names[strings.ToLower(title)]; other != "" {
			t.Errorf("%s and %s are the same title, %q", name, other, title)
		}
		names[strings.ToLower(title)] = name
		switch shared := sharedTitles[name] != ""; {
		case len(uses[name]) == 0:
			t.Errorf("%s is not used", name)
		case len(uses[name]) > 1 && !shared:
			t.Errorf("%s is used %d times: give other causes other titles, or state the common cause in sharedTitles:\n%s",
				name, len(uses[name]), strings.Join(uses[name], "\n"))
		case len(uses[name]) == 1 && shared:
			t.Errorf("%s is used once: remove it from sharedTitles", name)
		}
	}
	for name := range sharedTitles {
		if titles[name] == "" {
			t.Errorf("sharedTitles has %s, which does not exist", name)
		}
	}
}

// titleOf returns the title in a call that adds a diagnostic. The functions of package tfdiag have the diagnostics before it.
func titleOf(call *ast.CallExpr) (ast.Expr, bool) {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil, false
	}
	at, ok := titleArguments[selector.Sel.Name]
	if from, isName := selector.X.(*ast.Ident); isName && from.Name == "tfdiag" {
		at++
	}
	if !ok || at >= len(call.Args) {
		return nil, false
	}
	return call.Args[at], true
}

// literal returns the text of a single string literal; empty for anything else.
func literal(values []ast.Expr) string {
	if len(values) != 1 {
		return ""
	}
	basic, ok := values[0].(*ast.BasicLit)
	if !ok {
		return ""
	}
	text, err := strconv.Unquote(basic.Value)
	if err != nil {
		return ""
	}
	return text
}

// Users search for the title that they see. The page has the form of titles with a name in them.
func TestErrorsGuideHasEveryTitle(t *testing.T) {
	t.Parallel()
	page := readText(t, filepath.Join("docs", "guides", "errors.md"))
	titles := constants(t, filepath.Join("internal", "provider", "tf", "tfdiag", "title.go"))
	for _, code := range target.Codes() {
		titles = append(titles, code.Title())
	}
	if len(titles) < 50 {
		t.Fatalf("found only %d titles", len(titles))
	}
	for _, title := range titles {
		shown := strings.NewReplacer("%q", `"…"`, "%s", "…").Replace(title)
		if !strings.Contains(page, "\n| "+shown+" |") {
			t.Errorf("the guide has no row for %q", shown)
		}
	}
}

// constants returns the texts of the constants in a file.
func constants(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	must(t, err)
	var texts []string
	ast.Inspect(parsed, func(node ast.Node) bool {
		if spec, ok := node.(*ast.ValueSpec); ok {
			if text := literal(spec.Values); text != "" {
				texts = append(texts, text)
			}
		}
		return true
	})
	return texts
}
