//go:build unix

package checkout_test

import (
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// completions declare what a block of a page may refer to without repeating it.
func completions() map[string]string {
	return map[string]string{
		`variable "exchange_password"`: "variable \"exchange_password\" {\n  ephemeral = true\n}\n",
		`resource "riva_connection" "mail"`: "resource \"riva_connection\" \"mail\" {\n  name = \"Exchange\"\n  exchange = {\n" +
			"    ews_url     = \"https://mail.example.com/EWS/Exchange.asmx\"\n    username    = \"svc-riva@example.com\"\n" +
			"    password_wo = var.exchange_password\n  }\n}\n",
		`variable "salesforce_private_key"`: "variable \"salesforce_private_key\" {\n  ephemeral = true\n}\n",
		`resource "riva_connection" "crm"`: "resource \"riva_connection\" \"crm\" {\n  name = \"Salesforce\"\n  salesforce = {\n" +
			"    username       = \"riva-sync@example.com\"\n    client_id      = \"3MVG9…\"\n" +
			"    private_key_wo = var.salesforce_private_key\n  }\n}\n",
		`data "riva_connection_test" "mail"`: "data \"riva_connection_test\" \"mail\" {\n" +
			"  connection_id = riva_connection.mail.id\n}\n",
	}
}

// complete adds what a block refers to and does not declare, and what that refers to.
func complete(block string) map[string]string {
	rest := ""
	if strings.Contains(block, "removed {") {
		return map[string]string{"main.tf": block} // what it names must not be declared
	}
	for grown := true; grown; {
		grown = false
		for declaration, text := range completions() {
			if named(block+rest, references.Replace(declaration)) && !strings.Contains(block+rest, declaration) {
				rest, grown = rest+text, true
			}
		}
	}
	return map[string]string{"main.tf": block, "rest.tf": rest}
}

// references makes of a declaration what refers to it.
var references = strings.NewReplacer(`resource "`, "", `variable "`, "var.", `data "`, "data.", `" "`, ".", `"`, "")

// named tells whether a configuration refers to something.
func named(text, reference string) bool {
	return regexp.MustCompile(`(^|[^\w.])` + regexp.QuoteMeta(reference) + `\b`).MatchString(text)
}

// pages are those that have something to copy.
func pages(t *testing.T) []string {
	t.Helper()
	guides, err := filepath.Glob("templates/guides/*.md*")
	must(t, err)
	return append(guides, "templates/index.md.tmpl", "README.md")
}

// configurations are the examples and the blocks of pages, by a name for each, but those that are applied by other tests.
func configurations(t *testing.T) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	must(t, filepath.WalkDir("examples", func(file string, entry fs.DirEntry, err error) error {
		dir := filepath.ToSlash(filepath.Dir(file))
		switch {
		case err != nil, entry.IsDir(), !strings.HasSuffix(file, ".tf") && !strings.HasSuffix(file, ".tfquery.hcl"):
			return err
		case dir == "examples/quickstart": // TestQuickStartOfTheReadmeWorks
		case strings.HasPrefix(dir, "examples/target-systems/"): // TestSystems of internal/provider
		case strings.HasPrefix(dir, "examples/pipelines"): // TestPipelineFor…, TestWorkflowOfAtlantis…
		case dir == "examples/adopting": // adopt
		default:
			name := dir
			if strings.HasPrefix(entry.Name(), "import-") { // ways to do the same, of which people choose one
				name += "/" + entry.Name()
			}
			if all[name] == nil {
				all[name] = map[string]string{}
			}
			all[name][entry.Name()] = readText(t, file)
			if name != dir {
				all[name]["resource.tf"] = readText(t, filepath.Join(filepath.Dir(file), "resource.tf"))
			}
		}
		return nil
	}))
	for _, files := range all {
		files["rest.tf"] = complete(strings.Join(slices.Collect(maps.Values(files)), "\n"))["rest.tf"]
	}
	for _, page := range pages(t) {
		text := readText(t, page)
		for i, block := range append(fenced(text, "terraform"), fenced(text, "hcl")...) {
			name := fmt.Sprintf("%s-%d", filepath.Base(page), i)
			all[name] = complete(block)
			if regexp.MustCompile(`(?m)^list "`).MatchString(block) {
				all[name] = map[string]string{"main.tfquery.hcl": block}
			}
		}
	}
	return all
}
