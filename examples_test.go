//go:build unix

package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// completions declare what a block of a page may refer to without repeating it.
func completions() map[string]string {
	return map[string]string{
		`variable "exchange_password"`: "variable \"exchange_password\" {\n  ephemeral = true\n}\n",
		`resource "riva_connection" "mail"`: "resource \"riva_connection\" \"mail\" {\n  name = \"Exchange\"\n  exchange = {\n" +
			"    ews_url = \"https://mail.example.com/EWS/Exchange.asmx\"\n    username = \"svc-riva@example.com\"\n  }\n}\n",
		`variable "salesforce_private_key"`: "variable \"salesforce_private_key\" {\n  ephemeral = true\n}\n",
		`resource "riva_connection" "crm"`: "resource \"riva_connection\" \"crm\" {\n  name = \"Salesforce\"\n  salesforce = {\n" +
			"    username = \"riva-sync@example.com\"\n    client_id = \"3MVG9\"\n  }\n}\n",
		`data "riva_connection_test" "mail"`: "data \"riva_connection_test\" \"mail\" {\n" +
			"  connection_id = riva_connection.mail.id\n}\n",
	}
}

// complete adds what a block refers to and does not declare.
func complete(block string) map[string]string {
	files := map[string]string{"main.tf": block}
	if strings.Contains(block, "removed {") {
		return files // what it names must not be declared
	}
	rest := ""
	for declaration, text := range completions() {
		if !strings.Contains(block, declaration) {
			rest += text
		}
	}
	files["rest.tf"] = rest
	return files
}

func TestExamplesAndPagesAreValid(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	c.useProvider(t)
	validate := func(t *testing.T, name string, files map[string]string) {
		t.Helper()
		folder := c.configure(t, name, files)
		c.run(t, folder, "terraform fmt -check -diff main.tf && terraform validate", "")
	}

	examples := map[string]map[string]string{}
	must(t, filepath.WalkDir("examples", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(file) != ".tf" {
			return err
		}
		text, err := os.ReadFile(file)
		dir, name := filepath.Split(file)
		if examples[dir] == nil {
			examples[dir] = map[string]string{"main.tf": ""}
		}
		examples[dir][name] = string(text)
		return err
	}))
	if len(examples) == 0 {
		t.Fatal("there are no examples")
	}
	for dir, files := range examples {
		validate(t, filepath.ToSlash(dir), files)
	}

	guides, err := filepath.Glob("templates/guides/*.md*")
	must(t, err)
	for _, page := range append(guides, "README.md") {
		text := readText(t, page)
		for i, block := range append(fenced(text, "terraform"), fenced(text, "hcl")...) {
			if strings.Contains(block, `ephemeral "vault_`) {
				continue // of a provider that is not here
			}
			validate(t, fmt.Sprintf("%s-%d", filepath.Base(page), i), complete(block))
		}
	}
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
		case kind == "variable" && regexp.MustCompile(`password|secret|key|token`).MatchString(name) &&
			!regexp.MustCompile(`_consumer_key$|_token_id$|_url$`).MatchString(name): // these only name something
			seen[kind]++
			if !regexp.MustCompile(`ephemeral\s+= true`).MatchString(text) {
				t.Errorf("this variable is written into saved plans:\n%s", text)
			}
		case name == "riva_connection_test":
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
