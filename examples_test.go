//go:build unix

package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// seed are the objects that examples and pages look for, made without signing in to anything. The output has the id of each
// at the one that examples show.
const seed = `
resource "riva_connection" "mail" {
  name               = "Exchange"
  verify_credentials = false
  exchange = {
    ews_url     = "https://mail.example.com/EWS/Exchange.asmx"
    username    = "svc-riva@example.com"
    password_wo = "seed"
  }
}
resource "riva_connection" "crm" {
  name               = "Salesforce"
  verify_credentials = false
  salesforce         = { username = "riva-sync@example.com", client_id = "3MVG9", private_key_wo = var.salesforce_private_key }
}
resource "riva_sync_policy" "mail" {
  name     = "Mail"
  enabled  = false
  interval = "1h"
}
resource "riva_user" "ada" {
  email = "ada@example.com"
}
variable "salesforce_private_key" {
  ephemeral = true
}
output "ids" {
  value = {
    "0192f0c1-7c5e-7b1a-9a52-6f0e4f6a9d10" = riva_connection.mail.id
    "0192f0c1-8d11-7c55-8f0e-2b9d1d0c7a41" = riva_sync_policy.mail.id
    "0192f0c1-9a02-7d3f-b1c4-55e0f2a8c913" = riva_user.ada.id
  }
}
`

// completions declare what a block of a page may refer to without repeating it.
func completions() map[string]string {
	return map[string]string{
		`variable "exchange_password"`: "variable \"exchange_password\" {\n  ephemeral = true\n}\n",
		`resource "riva_connection" "mail"`: "resource \"riva_connection\" \"mail\" {\n  name = \"Exchange\"\n  exchange = {\n" +
			"    ews_url     = \"https://mail.example.com/EWS/Exchange.asmx\"\n    username    = \"svc-riva@example.com\"\n" +
			"    password_wo = var.exchange_password\n  }\n}\n",
		`variable "salesforce_private_key"`: "variable \"salesforce_private_key\" {\n  ephemeral = true\n}\n",
		`resource "riva_connection" "crm"`: "resource \"riva_connection\" \"crm\" {\n  name = \"Salesforce\"\n  salesforce = {\n" +
			"    username       = \"riva-sync@example.com\"\n    client_id      = \"3MVG9\"\n" +
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
		case strings.HasPrefix(dir, "examples/pipelines"): // TestPipelineKeepsItsPromises
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
	pages, err := filepath.Glob("templates/guides/*.md*")
	must(t, err)
	for _, page := range append(pages, "README.md") {
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

// never is the version of a Terraform, or an OpenTofu, that cannot do something.
const never = math.MaxInt

// since says from which minor version on Terraform and OpenTofu can plan a configuration here.
func since(text string) (terraform, tofu int) {
	switch {
	case strings.Contains(text, `ephemeral "vault_`), strings.Contains(text, "cloud {"):
		return never, never // a provider, and a service, that are not here
	case regexp.MustCompile(`(?m)^(list|action) "|action_trigger`).MatchString(text):
		return 14, never
	case strings.Contains(text, "identity = {"):
		return 12, never
	case strings.Contains(text, "encryption {"):
		return never, 11
	}
	return 11, 11
}

// plans tells whether the terraform or tofu at hand can plan a configuration.
func (c *checkout) plans(t *testing.T, text string) bool {
	t.Helper()
	if c.version == nil {
		c.version = regexp.MustCompile(`^(\w+) v1\.(\d+)`).FindStringSubmatch(c.run(t, "", "terraform version", ""))
	}
	minor, err := strconv.Atoi(c.version[2])
	must(t, err)
	terraform, tofu := since(text)
	if c.version[1] == "OpenTofu" {
		return minor >= tofu
	}
	return minor >= terraform
}

// Everything that people can copy is formatted, and planned, with a control plane that has what it looks for. What is more
// than a part is applied: here, or by the tests that are named in configurations.
func TestExamplesAndPagesArePlanned(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	c.useProvider(t)
	must(t, os.WriteFile(filepath.Join(c.home, "values"), []byte("export RIVA_DATA_DIR=$HOME/data RIVA_KEYSET=$HOME/keyset.json "+
		"TF_VAR_exchange_password=secret TF_VAR_riva_client_secret=secret TF_VAR_state_passphrase=sixteen-letters-or-more "+
		"TF_VAR_salesforce_private_key='"+rsaKey(t)+"'\n"), 0o600))
	const values = ". ~/values\n"
	folder := c.configure(t, "seed", map[string]string{"main.tf": seed})
	var shown map[string]string
	out := c.run(t, folder, values+"terraform apply -auto-approve >log 2>&1 || { cat log; exit 1; }\nterraform output -json ids", "")
	must(t, json.Unmarshal([]byte(out), &shown))
	var pairs []string
	for example, id := range shown {
		pairs = append(pairs, example, id)
	}
	ids := strings.NewReplacer(pairs...)

	planned := 0
	for name, files := range configurations(t) {
		all := ""
		for file, text := range files {
			files[file] = ids.Replace(text)
			all += text
		}
		folder := c.configure(t, name, files)
		if !c.plans(t, all) {
			continue
		}
		command := "terraform plan -input=false -no-color"
		for file := range files {
			if strings.HasSuffix(file, ".tfquery.hcl") {
				command = "terraform query -no-color"
			}
		}
		c.run(t, folder, values+command, "")
		planned++
	}
	if planned < 20 {
		t.Errorf("only %d examples and blocks were planned", planned)
	}
	c.adopt(t, values)
	c.run(t, "", "rm -r configurations/adopting\n"+ // what Terraform writes is its own affair
		"for dir in configurations examples; do terraform fmt -check -diff -recursive $dir; done", "")
}

// rsaKey is a key (PEM) that no system knows.
func rsaKey(t *testing.T) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	must(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// What people copy keeps secrets out of saved plans, and tests a change after it was applied.
func TestExamplesAndPagesShowTheSafeWay(t *testing.T) {
	t.Parallel()
	var blocks []string
	must(t, filepath.WalkDir("examples", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && filepath.Ext(file) == ".tf" {
			blocks = append(blocks, readText(t, file))
		}
		return err
	}))
	guides, err := filepath.Glob("templates/guides/*.md*")
	must(t, err)
	for _, page := range append(guides, "README.md") {
		text := readText(t, page)
		blocks = append(append(blocks, fenced(text, "terraform")...), fenced(text, "hcl")...)
	}
	seen := map[string]int{}
	declaration := regexp.MustCompile(`(?s)\n(variable|data) "(\w+)".*?\n}`)
	for _, found := range declaration.FindAllStringSubmatch("\n"+strings.Join(blocks, "\n"), -1) {
		text, kind, name := found[0], found[1], found[2]
		switch {
		case kind == "variable" && regexp.MustCompile(`password|secret|key|token|passphrase`).MatchString(name) &&
			!regexp.MustCompile(`_consumer_key$|_token_id$|_url$`).MatchString(name): // these only name something
			seen[kind]++
			if !regexp.MustCompile(`ephemeral\s+= true`).MatchString(text) {
				t.Errorf("this variable is written into saved plans:\n%s", text)
			}
		case name == "riva_connection_test" && regexp.MustCompile(`= riva_connection\.`).MatchString(text):
			seen[kind]++
			if !strings.Contains(text, "depends_on") {
				t.Errorf("this test runs before a change is applied:\n%s", text)
			}
		}
	}
	if seen["variable"] < 5 || seen["data"] < 5 {
		t.Errorf("found %v, want the secrets and the tests of examples and guides", seen)
	}
}
