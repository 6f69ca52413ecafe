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

// missingDeclarations has the declarations that a block of a page may refer to without repeating them.
func missingDeclarations() map[string]string {
	return map[string]string{
		`variable "exchange_password"`: "variable \"exchange_password\" {\n  ephemeral = true\n}\n",
		`resource "riva_connection" "mail"`: "resource \"riva_connection\" \"mail\" {\n  name = \"Exchange\"\n  exchange {\n" +
			"    ews_url     = \"https://mail.example.com/EWS/Exchange.asmx\"\n    username    = \"svc-riva@example.com\"\n" +
			"    password_wo = var.exchange_password\n  }\n}\n",
		`variable "salesforce_private_key"`: "variable \"salesforce_private_key\" {\n  ephemeral = true\n}\n",
		`resource "riva_connection" "crm"`: "resource \"riva_connection\" \"crm\" {\n  name = \"Salesforce\"\n  salesforce {\n" +
			"    username       = \"riva-sync@example.com\"\n    client_id      = \"3MVG9…\"\n" +
			"    private_key_wo = var.salesforce_private_key\n  }\n}\n",
		`data "riva_connection_test" "mail"`: "data \"riva_connection_test\" \"mail\" {\n" +
			"  connection_id = riva_connection.mail.id\n}\n",
	}
}

// complete adds the declarations that a block refers to and does not have, and those that they refer to.
func complete(block string) map[string]string {
	rest := ""
	if strings.Contains(block, "removed {") {
		return map[string]string{"main.tf": block} // the removed object must not be declared
	}
	for grown := true; grown; {
		grown = false
		for declaration, text := range missingDeclarations() {
			if refersTo(block+rest, toReference.Replace(declaration)) && !strings.Contains(block+rest, declaration) {
				rest, grown = rest+text, true
			}
		}
	}
	return map[string]string{"main.tf": block, "rest.tf": rest}
}

// toReference converts a declaration to a reference.
var toReference = strings.NewReplacer(`resource "`, "", `variable "`, "var.", `data "`, "data.", `" "`, ".", `"`, "")

// refersTo reports whether a configuration has a reference.
func refersTo(text, reference string) bool {
	return regexp.MustCompile(`(^|[^\w.])` + regexp.QuoteMeta(reference) + `\b`).MatchString(text)
}

// pages lists the pages that have examples to copy.
func pages(t *testing.T) []string {
	t.Helper()
	guides, err := filepath.Glob("templates/guides/*.md*")
	must(t, err)
	return append(guides, "templates/index.md.tmpl", "README.md")
}

// configurations returns the examples and the blocks of pages by name, except those that other tests apply.
func configurations(t *testing.T) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	must(t, filepath.WalkDir("examples", func(file string, entry fs.DirEntry, err error) error {
		dir := filepath.ToSlash(filepath.Dir(file))
		switch {
		case err != nil, entry.IsDir(), !strings.HasSuffix(file, ".tf") && !strings.HasSuffix(file, ".tfquery.hcl"):
			return err
		case dir == "examples/quickstart": // TestQuickStartWorks
		case strings.HasPrefix(dir, "examples/target-systems/"): // TestSystems of internal/provider
		case strings.HasPrefix(dir, "examples/pipelines"): // TestGitHubPipeline, TestGitLabPipeline, TestAtlantisWorkflow
		case dir == "examples/adopting": // runImportGuide
		case strings.HasPrefix(dir, "examples/modules"): // TestModuleExample of internal/provider
		case strings.HasPrefix(dir, "examples/moving"): // TestGuideMovesAUsedConnection of internal/provider
		case strings.HasPrefix(dir, "examples/tenants"): // TestTenantExample of internal/provider
		case strings.HasPrefix(dir, "examples/ephemeral-resources"): // TestAccAccessTokenExample of internal/provider/accesstoken
		case dir == "examples/serve": // TestServeGuideWorks
		default:
			name := dir
			if strings.HasPrefix(entry.Name(), "import-") { // alternatives: users choose one of these files
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
